import { Fault } from '@faultline/stream';
import type { LineProducer } from '@faultline/platform';
import { LineUnavailableError, type LineIn } from './domain/line-in.ts';

/** The way into the line over Kafka, acks=all; the key is the operation where there is one. */
export function lineInKafka(producer: LineProducer): LineIn {
  return {
    sendErrors: async (events) =>
      orUnavailable(
        producer.send(
          'errors.raw',
          events.map((record) => ({ key: record.operation ?? record.id, record })),
        ),
      ),
    sendObservations: async (observations) => {
      await orUnavailable(
        producer.send(
          'errors.feedback',
          observations.map((record) => ({
            key: record.operation ?? record.incident ?? record.id,
            record,
          })),
        ),
      );
    },
  };
}

async function orUnavailable<T>(sending: Promise<T>): Promise<T> {
  try {
    return await sending;
  } catch (error) {
    if (error instanceof Fault && error.retryable) throw new LineUnavailableError(error);
    throw error;
  }
}

import type { Kafka, KafkaMessage } from 'kafkajs';

/** What to read, from where, and until when. */
export interface ReadTopic {
  readonly client: Kafka;
  readonly topic: string;
  /** A group of this reader alone; it is deleted again. */
  readonly groupId: string;
  /** First offset by partition; the oldest where a partition is not named. */
  readonly starts: ReadonlyMap<number, number>;
  /** Whether to wait for more at the end. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Takes records in their order; what it rejects with ends the reading. Answers false to end it. */
  readonly take: (partition: number, messages: readonly KafkaMessage[], next: number) => Promise<boolean>;
}

/** Fetches in a row without a record that mean the end. */
const QUIET_FETCHES = 3;

/** Reads the committed records of a topic. Offsets of a group are neither used nor moved. */
export async function readTopic(options: ReadTopic): Promise<void> {
  const { client, topic, groupId, starts, follow, signal, take } = options;
  const admin = client.admin();
  const consumer = client.consumer({
    groupId,
    sessionTimeout: 10_000,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 500,
  });
  let end = (): void => undefined;
  let fail = (_error: unknown): void => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  ended.catch(() => undefined); // awaited below; until then a failure is not unhandled
  signal.addEventListener('abort', end, { once: true });
  await admin.connect();
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    let quiet = 0;
    let over = false;
    consumer.on(consumer.events.FETCH, ({ payload }) => {
      quiet = payload.numberOfBatches === 0 ? quiet + 1 : 0;
      if (!follow && quiet >= QUIET_FETCHES) end();
    });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) fail(payload.error);
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => {
        const { batch } = payload;
        // the seek below may come after the first fetch: what lies before the start is passed over
        const start = starts.get(batch.partition) ?? 0;
        const messages = batch.messages.filter(({ offset }) => Number(offset) >= start);
        if (messages.length > 0) quiet = 0;
        if (messages.length > 0 && !over && !signal.aborted) {
          const next = Number(batch.lastOffset()) + 1;
          try {
            over = !(await take(batch.partition, messages, next));
          } catch (error) {
            over = true;
            fail(error);
          }
          if (over) end();
        }
        payload.resolveOffset(batch.lastOffset());
      },
    });
    for (const [partition, offset] of starts) consumer.seek({ topic, partition, offset: String(offset) });
    await ended;
  } finally {
    signal.removeEventListener('abort', end);
    await consumer.disconnect().catch(() => undefined);
    await admin.deleteGroups([groupId]).catch(() => undefined); // an empty group expires by itself
    await admin.disconnect().catch(() => undefined);
  }
}

import type { Kafka } from 'kafkajs';

/** Counts what a reader of committed records sees on a topic, and when. */
export interface CommittedCounter {
  readonly count: () => number;
  /** Moments at which the broker appended, as the records say, in milliseconds since the epoch. */
  readonly until: (count: number, timeoutMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Reads a topic from its end on. `onValue` is given each value with its broker timestamp. */
export async function countCommitted(
  kafka: Kafka,
  topic: string,
  onValue: (value: Buffer | null, timestamp: number) => void = () => undefined,
): Promise<CommittedCounter> {
  const consumer = kafka.consumer({
    groupId: `bench-count-${topic}-${process.pid}-${performance.now()}`,
    maxWaitTimeInMs: 50,
  });
  let seen = 0;
  let joined = false;
  consumer.on(consumer.events.GROUP_JOIN, () => {
    joined = true;
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: false });
  await consumer.run({
    autoCommit: false,
    partitionsConsumedConcurrently: 16,
    eachBatch: async ({ batch }) => {
      seen += batch.messages.length;
      for (const { value, timestamp } of batch.messages) onValue(value, Number(timestamp));
    },
  });
  while (!joined) await pause(20);
  await pause(500); // offsets of the end are resolved by the first fetch
  return {
    count: () => seen,
    until: async (count, timeoutMs) => {
      const end = performance.now() + timeoutMs;
      while (seen < count) {
        if (performance.now() > end)
          throw new Error(`${topic}: ${seen} of ${count} records came in ${timeoutMs} ms`);
        await pause(10);
      }
    },
    stop: async () => consumer.disconnect(),
  };
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

import type { Batch, Consumer, ConsumerCrashEvent, ConsumerGroupJoinEvent } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';
import { sliceOf, type InputSlice } from './slices.ts';
import type { PartitionControl } from '../runtime/partition-loop.ts';

/** Whoever takes the records of one partition. */
export interface PartitionTaker {
  /** Says whether it took them. */
  readonly accept: (
    fetchedOffset: number,
    slices: readonly InputSlice[],
    end: number,
    high: number,
  ) => boolean;
  readonly stop: () => Promise<void>;
}

/** What a feed needs. */
export interface FeedOptions {
  readonly connection: KafkaConnection;
  readonly clientId: string;
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  /** A partition was assigned: reading begins when its taker resumes it. */
  readonly assigned: (control: PartitionControl) => PartitionTaker;
  readonly onFatal: (error: unknown) => void;
  readonly onJoin: (partitions: number) => void;
  /** Nothing came from the broker for a while, not even an empty answer; and: it answers again. */
  readonly onStall: (stalled: boolean) => void;
}

/** A running feed. */
export interface Feed {
  readonly stop: () => Promise<void>;
}

const FETCH_WAIT_MS = 200; // a resumed partition waits for the fetch under way, so it may not be long
const PARTITION_BYTES = 1_048_576;
const FETCH_BYTES = 16 * PARTITION_BYTES;
const STALL_MS = 5_000;

/** kafkajs exposes where a batch was fetched from, but does not say so in its types. */
const fetchedOffsetOf = (batch: Batch): number =>
  Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);

/**
 * Joins a group and hands each assigned partition to a taker of its own. The handler of a fetch never waits:
 * takers queue, pause and seek by themselves, so heartbeats go on whatever a partition does.
 */
export async function startFeed(options: FeedOptions): Promise<Feed> {
  const { topics, groupId } = options;
  const consumer = options.connection.client(options.clientId).consumer({
    groupId,
    sessionTimeout: options.sessionTimeoutMs,
    heartbeatInterval: Math.floor(options.sessionTimeoutMs / 7),
    rebalanceTimeout: Math.floor(options.sessionTimeoutMs * 1.5),
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: PARTITION_BYTES,
    maxBytes: FETCH_BYTES,
    readUncommitted: false,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 2_000,
      retries: 1_000_000,
      restartOnFailure: async () => true,
    },
  });
  const takers = new Map<string, PartitionTaker>();
  const heartbeats = heartbeatWaiter(consumer);
  let stopping = false;

  consumer.on(consumer.events.CRASH, ({ payload }: ConsumerCrashEvent) => {
    if (!payload.restart && !stopping) options.onFatal(payload.error);
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }: ConsumerGroupJoinEvent) => {
    const old = [...takers.values()];
    const settled = Promise.allSettled(old.map(async (taker) => taker.stop()));
    takers.clear();
    let partitions = 0;
    for (const [topic, assigned] of Object.entries(payload.memberAssignment)) {
      for (const partition of assigned) {
        partitions += 1;
        const control = controlOf(consumer, topic, partition, heartbeats.next);
        // the one before ends its transaction first: both would write under the same transactional id
        control.pause();
        let inner: PartitionTaker | undefined;
        let stopped = false;
        const started = settled.then(() => {
          if (!stopped) inner = options.assigned(control);
        });
        started.catch(options.onFatal);
        takers.set(`${topic}/${partition}`, {
          accept: (...batch) => inner?.accept(...batch) ?? false,
          stop: async () => {
            stopped = true;
            await started;
            await inner?.stop();
          },
        });
      }
    }
    options.onJoin(partitions);
  });

  const stopWatch = watchFetches(consumer, options.onStall);
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 64,
    eachBatch: async ({ batch, resolveOffset }) => {
      const last = batch.lastOffset();
      const taker = takers.get(`${batch.topic}/${batch.partition}`);
      const slices = batch.messages.map(sliceOf);
      const end = Number(last) + 1;
      if (taker?.accept(fetchedOffsetOf(batch), slices, end, Number(batch.highWatermark)) === true) {
        resolveOffset(last);
      }
    },
  });

  return {
    stop: async () => {
      stopping = true;
      stopWatch();
      await Promise.allSettled([...takers.values()].map(async (taker) => taker.stop()));
      await consumer.disconnect().catch(() => undefined);
    },
  };
}

function controlOf(
  consumer: Consumer,
  topic: string,
  partition: number,
  nextHeartbeat: () => Promise<void>,
): PartitionControl {
  // while the consumer restarts there is nothing to steer; the next assignment begins anew in any case
  const steer = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) throw error;
    }
  };
  let displaying = false;
  return {
    topic,
    partition,
    nextHeartbeat,
    display: (offset) => {
      if (displaying) return;
      displaying = true;
      void consumer
        .commitOffsets([{ topic, partition, offset: String(offset) }])
        .catch(() => undefined)
        .finally(() => {
          displaying = false;
        });
    },
    seek: (offset) => steer(() => consumer.seek({ topic, partition, offset: String(offset) })),
    pause: () => steer(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume: () => steer(() => consumer.resume([{ topic, partitions: [partition] }])),
  };
}

function heartbeatWaiter(consumer: Consumer): { readonly next: () => Promise<void> } {
  let waiting: (() => void)[] = [];
  consumer.on(consumer.events.HEARTBEAT, () => {
    const resolved = waiting;
    waiting = [];
    resolved.forEach((resolve) => resolve());
  });
  return { next: async () => new Promise((resolve) => waiting.push(resolve)) };
}

/** Tells when fetches cease to be answered and when they are again. */
function watchFetches(consumer: Consumer, onStall: (stalled: boolean) => void): () => void {
  let last = Date.now();
  let stalled = false;
  const tell = (now: boolean): void => {
    if (now === stalled) return;
    stalled = now;
    onStall(now);
  };
  consumer.on(consumer.events.FETCH, () => {
    last = Date.now();
    tell(false);
  });
  const timer = setInterval(() => {
    if (Date.now() - last > STALL_MS) tell(true);
  }, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}

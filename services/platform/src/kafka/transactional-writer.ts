import type { Kafka, Producer, Transaction } from 'kafkajs';
import type { OutputRecord } from './slices.ts';
import type { FailPoints } from '../runtime/fail-points.ts';

/** A transaction failed or its end is unknown: the producer is tainted, and only the committed offset tells. */
export class TransactionFailed extends Error {
  /** Whether another producer of the same transactional id took over. */
  readonly fenced: boolean;
  /** Label for metrics. */
  readonly reason: 'fenced' | 'timeout' | 'produce' | 'offsets' | 'commit' | 'init';

  constructor(reason: TransactionFailed['reason'], cause: unknown) {
    super(`transaction failed (${reason}): ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'TransactionFailed';
    this.fenced = isFenced(cause);
    this.reason = this.fenced ? 'fenced' : isTimeout(cause) ? 'timeout' : reason;
  }
}

/** Where the offset of the input goes, in the same transaction. */
export interface OffsetCommit {
  readonly groupId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * Writes transactions under one transactional id. After any error the producer is never used again: `open`
 * makes a new one, whose InitProducerId fences the old and settles what it left open.
 */
export class TransactionalWriter {
  readonly #kafka: () => Kafka;
  readonly #transactionalId: string;
  readonly #timeoutMs: number;
  readonly #failPoints: FailPoints;
  #producer: Producer | undefined;
  #transaction: Transaction | undefined;
  #tainted = false;

  constructor(options: {
    readonly kafka: () => Kafka;
    readonly transactionalId: string;
    readonly transactionTimeoutMs: number;
    readonly failPoints: FailPoints;
  }) {
    this.#kafka = options.kafka;
    this.#transactionalId = options.transactionalId;
    this.#timeoutMs = options.transactionTimeoutMs;
    this.#failPoints = options.failPoints;
  }

  /** Fences whoever wrote under this id before. Rejects with {@link TransactionFailed}. */
  async open(): Promise<void> {
    await this.close();
    const producer = this.#kafka().producer({
      transactionalId: this.#transactionalId,
      transactionTimeout: this.#timeoutMs,
      maxInFlightRequests: 1,
      metadataMaxAge: 60_000,
      // CONCURRENT_TRANSACTIONS right after a commit is normal and short: ask again soon, for 10 s at most
      retry: { initialRetryTime: 20, multiplier: 1.5, maxRetryTime: 500, retries: 25 },
    });
    this.#producer = producer;
    this.#tainted = false;
    producer.on(producer.events.REQUEST_TIMEOUT, () => {
      this.#tainted = true;
    });
    try {
      await producer.connect();
      this.#transaction = await producer.transaction();
    } catch (error) {
      await this.close();
      throw new TransactionFailed('init', error);
    }
    this.#failPoints.hit('after-init');
  }

  /** Writes all records and the offset, or nothing. Rejects with {@link TransactionFailed}: then `open` again. */
  async write(records: readonly OutputRecord[], offset: OffsetCommit): Promise<void> {
    const producer = this.#producer;
    if (producer === undefined || this.#tainted) {
      throw new TransactionFailed('init', new Error('the producer is tainted by an earlier time-out'));
    }
    let step: TransactionFailed['reason'] = 'init';
    try {
      const transaction = this.#transaction ?? (await producer.transaction());
      this.#transaction = undefined;
      step = 'produce';
      if (records.length > 0) {
        await transaction.sendBatch({ acks: -1, topicMessages: byTopic(records) });
      }
      this.#failPoints.hit('after-produce');
      step = 'offsets';
      await transaction.sendOffsets({
        consumerGroupId: offset.groupId,
        topics: [
          {
            topic: offset.topic,
            partitions: [{ partition: offset.partition, offset: String(offset.offset) }],
          },
        ],
      });
      this.#failPoints.hit('after-send-offsets');
      step = 'commit';
      await transaction.commit();
      this.#failPoints.hit('after-commit');
    } catch (error) {
      this.#tainted = true;
      throw new TransactionFailed(step, error);
    }
  }

  /** Lets go of the producer. What it had open is settled by the next `open`, or by the broker's time-out. */
  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    this.#transaction = undefined;
    await producer?.disconnect().catch(() => undefined);
  }
}

function byTopic(records: readonly OutputRecord[]): { topic: string; messages: MessageOut[] }[] {
  const topics = new Map<string, MessageOut[]>();
  for (const { topic, partition, key, value, headers } of records) {
    const message: MessageOut = { partition, key, value, headers: { ...headers } };
    const list = topics.get(topic);
    if (list === undefined) topics.set(topic, [message]);
    else list.push(message);
  }
  return [...topics].map(([topic, messages]) => ({ topic, messages }));
}

interface MessageOut {
  partition: number;
  key: Buffer | null;
  value: Buffer | null;
  headers: Record<string, Buffer | string>;
}

function errorChain(error: unknown): readonly { readonly type?: unknown; readonly name?: unknown }[] {
  const chain: { readonly type?: unknown; readonly name?: unknown }[] = [];
  let current: unknown = error;
  while (typeof current === 'object' && current !== null && chain.length < 10) {
    chain.push(current);
    const { cause, originalError } = current as {
      readonly cause?: unknown;
      readonly originalError?: unknown;
    };
    current = cause ?? originalError;
  }
  return chain;
}

const FENCED_TYPES = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'TRANSACTION_COORDINATOR_FENCED']);

const isFenced = (error: unknown): boolean =>
  errorChain(error).some(({ type }) => typeof type === 'string' && FENCED_TYPES.has(type));

const isTimeout = (error: unknown): boolean =>
  errorChain(error).some(({ name }) => name === 'KafkaJSRequestTimeoutError');

import kafkajs, { type Consumer, type IHeaders, type Producer } from 'kafkajs';
import { registryCodecs, type Codecs } from '@faultline/platform';
import {
  errorEvent,
  topics,
  type ErrorEventInput,
  type ErrorRecord,
  type Outcome,
  type TopicName,
  type TopicRecordName,
} from '@faultline/schemas';
import type { TestEnvironment } from './test-environment.ts';

/** One record as a reader of committed records saw it. */
export interface SeenRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

/** Writes to errors.raw and reads what comes out, as a stranger would. */
export class LineClient {
  readonly codecs: Codecs;
  readonly #producer: Producer;
  readonly #consumer: Consumer;
  readonly #seen: SeenRecord[] = [];

  private constructor(codecs: Codecs, producer: Producer, consumer: Consumer) {
    this.codecs = codecs;
    this.#producer = producer;
    this.#consumer = consumer;
  }

  /** Connects and reads the given topics from now on. */
  static async connect(test: TestEnvironment, read: readonly TopicName[]): Promise<LineClient> {
    const kafka = new kafkajs.Kafka({ brokers: test.brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
    const codecs = await registryCodecs(test.registryUrl);
    const producer = kafka.producer();
    await producer.connect();
    const consumer = kafka.consumer({
      groupId: `test-${process.pid}-${performance.now()}`,
      maxWaitTimeInMs: 50,
    });
    const client = new LineClient(codecs, producer, consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [...read], fromBeginning: false });
    const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
    const fetched = new Promise<void>((resolve) => consumer.on(consumer.events.FETCH, () => resolve()));
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) {
          client.#seen.push({
            topic: batch.topic as TopicName,
            partition: batch.partition,
            offset: Number(message.offset),
            key: message.key?.toString() ?? null,
            value: message.value,
            headers: message.headers ?? {},
          });
        }
      },
    });
    await joined;
    await fetched;
    return client;
  }

  /** Sends an event on errors.raw. */
  async send(
    event: ErrorEventInput,
    options: { readonly key?: string; readonly partition?: number } = {},
  ): Promise<{ readonly partition: number; readonly offset: number }> {
    return this.sendBytes(this.codecs.encode('errors.raw', errorEvent(event)), options);
  }

  /** Sends any bytes on errors.raw. */
  async sendBytes(
    value: Buffer | null,
    options: { readonly key?: string; readonly partition?: number; readonly headers?: IHeaders } = {},
  ): Promise<{ readonly partition: number; readonly offset: number }> {
    const { key = null, partition, headers } = options;
    const message = {
      key,
      value,
      ...(partition === undefined ? {} : { partition }),
      ...(headers === undefined ? {} : { headers }),
    };
    const [acknowledged] = await this.#producer.send({ topic: 'errors.raw', acks: -1, messages: [message] });
    return { partition: acknowledged?.partition ?? -1, offset: Number(acknowledged?.baseOffset ?? -1) };
  }

  /** What was read so far on a topic. */
  seen(topic: TopicName): readonly SeenRecord[] {
    return this.#seen.filter((record) => record.topic === topic);
  }

  /** Waits until a decoded record of a topic answers `found`. */
  async until<T>(
    what: string,
    found: () => T | undefined | Promise<T | undefined>,
    timeoutMs = 30_000,
  ): Promise<T> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const value = await found();
      if (value !== undefined) return value;
      if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Records of an event on errors.escalated. */
  async escalated(id: string): Promise<readonly ErrorRecord[]> {
    const records = await this.#decode<ErrorRecord>('errors.escalated');
    return records.filter(({ event }) => event.id === id);
  }

  /** Transitions of an event, in their order. */
  async outcomes(id: string): Promise<readonly Outcome[]> {
    const outcomes = await this.#decode<Outcome>('errors.outcomes');
    return outcomes
      .filter(({ eventId }) => eventId === id)
      .toSorted((a, b) => a.hops - b.hops || a.at - b.at);
  }

  /** Waits for the transition that ends an event. */
  async ended(id: string, timeoutMs = 30_000): Promise<Outcome> {
    const ends = new Set(['resolved', 'suppressed', 'dead-lettered', 'escalated']);
    return this.until(
      `the end of ${id}`,
      async () => (await this.outcomes(id)).find(({ to }) => to !== null && ends.has(to)),
      timeoutMs,
    );
  }

  /** Waits for the dead letter of a record of errors.raw. */
  async deadLetter(at: { readonly partition: number; readonly offset: number }): Promise<SeenRecord> {
    const header = (record: SeenRecord, name: string): string =>
      String(record.headers[`__connect.errors.${name}`]);
    return this.until(`the dead letter of ${at.partition}/${at.offset}`, () =>
      this.seen('errors.dead-letter').find(
        (record) =>
          header(record, 'partition') === String(at.partition) &&
          header(record, 'offset') === String(at.offset),
      ),
    );
  }

  /** Disconnects. */
  async close(): Promise<void> {
    await Promise.all([this.#producer.disconnect(), this.#consumer.disconnect()]);
  }

  async #decode<T>(topic: TopicName): Promise<readonly T[]> {
    const codec = this.codecs.reader(topics[topic].value as TopicRecordName);
    const values = this.seen(topic).map(({ value }) => value);
    await codec.prepare(values);
    return values.map((value) => codec.decode(value) as T);
  }
}

import type { Kafka, Message, Producer, RecordMetadata } from 'kafkajs';
import type { TopicName } from '@faultline/schemas';
import { bucketOf, Fault } from '@faultline/stream';
import type { Codecs, RecordOn } from '../registry/codecs.ts';
import type { KafkaConnection } from './connection.ts';
import { readTopology, type TopicState } from './topology.ts';

/** A record to send, with its key; the key alone decides the partition. */
export interface ToSend<Topic extends TopicName> {
  readonly key: string;
  readonly record: RecordOn<Topic>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a record was taken. */
export interface Acknowledged {
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
}

/** Sends records outside of any transaction, for whoever brings errors into the line. */
export interface LineProducer {
  /**
   * Resolves when every in-sync replica has all of them, in their order. Rejects with a retryable {@link Fault}
   * where that did not come in time: then each may or may not have been taken, and sending it again under the
   * same id is safe, since the classifier suppresses the double.
   */
  send<Topic extends TopicName>(
    topic: Topic,
    records: readonly ToSend<Topic>[],
  ): Promise<readonly Acknowledged[]>;
  stop(): Promise<void>;
}

/** What a producer is made with. */
export interface LineProducerOptions {
  readonly kafka: KafkaConnection;
  readonly codecs: () => Promise<Codecs>;
  readonly clientId: string;
  readonly acknowledgeWithinMs: number;
}

/** kafkajs groups a send by partition; more than this in one send is slow without its patch. */
const MAX_RECORDS_A_SEND = 2_000;

/** Makes a producer that connects when it first sends, and again after each failure. */
export function lineProducer(options: LineProducerOptions): LineProducer {
  let open: Promise<Opened> | undefined;

  const opened = async (): Promise<Opened> => {
    open ??= connect(options);
    return open;
  };
  const discard = (): void => {
    const old = open;
    open = undefined;
    old?.then(async ({ producer }) => producer.disconnect()).catch(() => undefined);
  };

  return {
    send: async (topic, records) => {
      const acknowledged: Acknowledged[] = [];
      try {
        for (let from = 0; from < records.length; from += MAX_RECORDS_A_SEND) {
          const some = records.slice(from, from + MAX_RECORDS_A_SEND);
          acknowledged.push(
            ...(await within(options.acknowledgeWithinMs, async () => sendSome(await opened(), topic, some))),
          );
        }
      } catch (error) {
        discard();
        throw unavailable(options.kafka, error);
      }
      return acknowledged;
    },
    stop: async () => {
      const old = open;
      open = undefined;
      await old?.then(async ({ producer }) => producer.disconnect()).catch(() => undefined);
    },
  };
}

interface Opened {
  readonly kafka: Kafka;
  readonly producer: Producer;
  readonly codecs: Codecs;
  readonly topics: Map<string, TopicState>;
}

async function connect({ kafka, codecs, clientId }: LineProducerOptions): Promise<Opened> {
  const client = kafka.client(clientId);
  const producer = client.producer({ allowAutoTopicCreation: false });
  const [ready] = await Promise.all([codecs(), producer.connect()]);
  return { kafka: client, producer, codecs: ready, topics: new Map() };
}

async function sendSome<Topic extends TopicName>(
  opened: Opened,
  topic: Topic,
  records: readonly ToSend<Topic>[],
): Promise<readonly Acknowledged[]> {
  const { partitions, topicId } = await topicState(opened, topic);
  const messages = records.map(({ key, record, headers }): Message & { partition: number } => ({
    key,
    value: opened.codecs.encode(topic, record),
    partition: bucketOf(key, partitions),
    ...(headers === undefined ? {} : { headers }),
  }));
  const metadata = await opened.producer.send({ topic, acks: -1, messages });
  return offsetsOf(messages, metadata).map((at) => ({ topicId, ...at }));
}

/** Offsets in a partition follow its base offset in the order of the messages. */
function offsetsOf(
  messages: readonly { readonly partition: number }[],
  metadata: readonly RecordMetadata[],
): readonly { readonly partition: number; readonly offset: number }[] {
  const next = new Map(metadata.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
  return messages.map(({ partition }) => {
    const offset = next.get(partition);
    if (offset === undefined || Number.isNaN(offset)) {
      throw new Error(`the broker acknowledged no offset for partition ${partition}`);
    }
    next.set(partition, offset + 1);
    return { partition, offset };
  });
}

async function topicState({ kafka, topics }: Opened, topic: TopicName): Promise<TopicState> {
  const known = topics.get(topic);
  if (known !== undefined) return known;
  const admin = kafka.admin();
  await admin.connect();
  try {
    const state = (await readTopology(admin, [topic])).topics.get(topic);
    if (state === undefined) throw new Error(`the cluster has no topic ${topic}`);
    topics.set(topic, state);
    return state;
  } finally {
    await admin.disconnect();
  }
}

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no acknowledgement within ${ms} ms`)), ms);
  });
  const working = work();
  working.catch(() => undefined); // what comes after the time is over is told by the time-out
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What waiting can mend as a retryable fault; what it cannot, as it is. */
function unavailable({ brokers }: KafkaConnection, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const tooLarge = /MESSAGE_TOO_LARGE|larger than the max/i.test(message);
  return tooLarge
    ? new Fault('INPUT_INVALID', message, { remedy: 'send a shorter log: see cutLog', cause })
    : new Fault('UNREACHABLE', `Kafka at ${brokers.join(',')}: ${message}`, {
        remedy: 'bring the broker back, or correct FAULTLINE_BROKERS, and send again with the same id',
        retryable: true,
        cause,
      });
}

import type { Command } from 'commander';
import type { Kafka, KafkaMessage } from 'kafkajs';
import {
  topicNames,
  topics,
  UndecodableError,
  type RecordCodec,
  type TopicName,
  type TopicRecordName,
} from '@faultline/schemas';
import { registryCodecs } from '@faultline/platform';
import type { CliContext } from '../cli-context.ts';
import { wrongInput } from '../exit-code.ts';
import { connectKafka } from '../line/connect.ts';
import { locateLine, needed } from '../line/locate-line.ts';
import { readTopic } from '../line/read-topic.ts';

interface TailOptions {
  readonly json?: boolean;
  readonly lines: string;
  readonly fromBeginning?: boolean;
  readonly count?: string;
  readonly follow: boolean;
  readonly key?: string;
  readonly data?: string;
}

/** A record as `tail` prints it; a value that is not Avro comes as {base64}, one that is broken with the reason. */
interface Tailed {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
}

/** `faultline tail TOPIC`: decoded records, one JSON object a line; reads committed records alone. */
export function tailCommand(program: Command, context: CliContext): void {
  program
    .command('tail')
    .argument('<topic>', `one of ${topicNames.join(', ')}`)
    .description('print the records of a topic, decoded, as they come')
    .option('--json', 'NDJSON {topic, partition, offset, timestamp, key, headers, value}')
    .option('--lines <N>', 'begin so many records before the end of each partition', '10')
    .option('--from-beginning', 'begin with the oldest record')
    .option('--count <N>', 'end after so many records')
    .option('--no-follow', 'end when there is no more')
    .option('--key <KEY>', 'print records with this key alone')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (name: string, options: TailOptions) => {
      const topic = topicNames.find((known) => known === name);
      if (topic === undefined) {
        throw wrongInput(`there is no topic "${name}"`, `use one of ${topicNames.join(', ')}`);
      }
      await tail(context, topic, options);
    });
}

async function tail(context: CliContext, topic: TopicName, options: TailOptions): Promise<void> {
  const lines = wholeNumber('--lines', options.lines);
  const count = options.count === undefined ? Infinity : wholeNumber('--count', options.count);
  const location = locateLine(context, options.data);
  const kafka = await connectKafka(location);
  const decode = await decoderOf(topic, location.registryUrl);
  const groupId = `faultline-tail-${context.newId()}`;
  const client = kafka.client(groupId);
  let printed = 0;
  await readTopic({
    client,
    topic,
    groupId,
    starts: options.fromBeginning === true ? new Map() : await startsOf(client, topic, lines),
    follow: options.follow,
    signal: context.signal,
    take: async (partition, messages) => {
      for (const message of messages) {
        if (options.key !== undefined && options.key !== message.key?.toString('utf8')) continue;
        const record = await tailed(topic, partition, message, decode);
        context.stdout.write(`${options.json === true ? JSON.stringify(record) : plain(record)}\n`);
        printed += 1;
        if (printed >= count) return false;
      }
      return true;
    },
  });
}

async function startsOf(client: Kafka, topic: string, lines: number): Promise<ReadonlyMap<number, number>> {
  const admin = client.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, Math.max(Number(low), Number(high) - lines)]),
    );
  } finally {
    await admin.disconnect();
  }
}

/** Decodes a value of the topic. */
type Decode = (value: Buffer | null) => Promise<unknown>;

async function decoderOf(topic: TopicName, registryUrl: string | undefined): Promise<Decode> {
  const kind = topics[topic].value;
  if (kind === 'bytes') {
    return async (value) => (value === null ? null : { base64: value.toString('base64') });
  }
  const codecs = await registryCodecs(needed(registryUrl, 'the schema registry', 'FAULTLINE_REGISTRY_URL'));
  const codec: RecordCodec<TopicRecordName> = codecs.reader(kind);
  return async (value) => {
    await codec.prepare([value]);
    try {
      return codec.decode(value);
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error;
      return { undecodable: error.fault, detail: error.message, base64: value?.toString('base64') ?? null };
    }
  };
}

async function tailed(
  topic: TopicName,
  partition: number,
  message: KafkaMessage,
  decode: Decode,
): Promise<Tailed> {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key?.toString('utf8') ?? null,
    headers: Object.fromEntries(
      Object.entries(message.headers ?? {}).map(([name, value]) => [name, String(value ?? '')]),
    ),
    value: await decode(message.value),
  };
}

/** One line for people: where, when, and what there is to say. */
function plain({ topic, partition, offset, timestamp, key, value }: Tailed): string {
  const at = new Date(timestamp).toISOString();
  return `${at} ${topic}[${partition}]@${offset} ${key ?? '-'} ${summary(value)}`;
}

function summary(value: unknown): string {
  const field = (name: string, of: unknown = value): unknown =>
    typeof of === 'object' && of !== null ? (of as Readonly<Record<string, unknown>>)[name] : undefined;
  const event = field('event') ?? value;
  const category = field('category', field('classification'));
  const level = field('level', field('escalation'));
  const moved = field('to') === undefined ? undefined : `${String(field('from'))} → ${String(field('to'))}`;
  const parts = [field('subject'), moved, field('reason'), level, category, field('message', event)];
  const text = parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');
  return text === '' ? JSON.stringify(value).slice(0, 200) : text.replaceAll('\n', ' ').slice(0, 200);
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) {
    throw wrongInput(`${option} is "${text}"`, 'give a whole number');
  }
  return number;
}

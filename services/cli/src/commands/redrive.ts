import type { Command } from 'commander';
import type { Kafka, KafkaMessage, Transaction } from 'kafkajs';
import { readTopology, registryCodecs, type Codecs, type TopicState } from '@faultline/platform';
import { bucketOf } from '@faultline/stream';
import { printJson, tell, type CliContext } from '../cli-context.ts';
import { redriven, type DeadLetter, type Redriven } from '../domain/redriven.ts';
import { connectKafka } from '../line/connect.ts';
import { locateLine, needed } from '../line/locate-line.ts';
import { readTopic } from '../line/read-topic.ts';

interface RedriveOptions {
  readonly apply?: boolean;
  readonly reason?: readonly string[];
  readonly fromBeginning?: boolean;
  readonly json?: boolean;
  readonly data?: string;
}

type Again = Extract<Redriven, { kind: 'event' }>;

const TOPIC = 'errors.dead-letter';

/** `faultline redrive`: looks at the dead letters, and with --apply sends them again. */
export function redriveCommand(program: Command, context: CliContext): void {
  program
    .command('redrive')
    .description('count the dead letters by reason; with --apply send again those that can be read')
    .option('--apply', 'send them, each once however often this is interrupted; without it nothing is sent')
    .option(
      '--reason <REASON>',
      'only those with this reason; may be given again',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option('--from-beginning', 'look again at what was passed over before')
    .option('--json', '{applied, seen, sent, byReason, stays}')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (options: RedriveOptions) => redrive(context, options));
}

async function redrive(context: CliContext, options: RedriveOptions): Promise<void> {
  const location = locateLine(context, options.data);
  const registryUrl = needed(location.registryUrl, 'the schema registry', 'FAULTLINE_REGISTRY_URL');
  const kafka = await connectKafka(location);
  const codecs = await registryCodecs(registryUrl);
  const readerId = `faultline-redrive-${context.newId()}`;
  const client = kafka.client(readerId);
  // the offsets of this group say how far redriving came; another choice of reasons is another way through
  const progress = ['faultline.redrive', ...[...(options.reason ?? [])].sort()].join('.');
  const raw = await rawTopic(client);
  const writer = options.apply === true ? await openWriter(client, progress) : undefined;
  const tally = new Tally();
  try {
    await readTopic({
      client,
      topic: TOPIC,
      groupId: readerId,
      starts: options.fromBeginning === true ? new Map() : await progressOf(client, progress),
      follow: false,
      signal: context.signal,
      take: async (partition, messages, next) => {
        const again = await look(messages, options.reason, raw.topicId, codecs, tally);
        if (writer !== undefined)
          await send(writer, again, raw, codecs, { group: progress, partition, next });
        return true;
      },
    });
  } finally {
    await writer?.close();
  }
  const { seen, sent, byReason, stays } = tally;
  if (writer === undefined) {
    tell(context, `a dry run: ${sent} of ${seen} would be sent again; add --apply to send them`);
  }
  printJson(context, { applied: writer !== undefined, seen, sent, byReason, stays });
}

/** What was counted. */
class Tally {
  seen = 0;
  sent = 0;
  readonly byReason: Record<string, number> = {};
  readonly stays: Record<string, number> = {};

  count(into: 'byReason' | 'stays', name: string): void {
    this[into][name] = (this[into][name] ?? 0) + 1;
  }
}

async function look(
  messages: readonly KafkaMessage[],
  reasons: readonly string[] | undefined,
  rawTopicId: string,
  codecs: Codecs,
  tally: Tally,
): Promise<readonly Again[]> {
  const values = messages.map(({ value }) => value);
  const events = codecs.reader('ErrorEvent');
  const records = codecs.reader('ErrorRecord');
  await Promise.all([events.prepare(values), records.prepare(values)]);
  return messages.flatMap((message) => {
    const letter = letterOf(message);
    const reason = letter.headers['__connect.errors.reason'] ?? 'unknown';
    tally.seen += 1;
    tally.count('byReason', reason);
    if (reasons !== undefined && !reasons.includes(reason)) {
      tally.count('stays', 'other-reason');
      return [];
    }
    const again = redriven(letter, rawTopicId, { events, records });
    if (again.kind === 'stays') {
      tally.count('stays', again.why);
      return [];
    }
    tally.sent += 1;
    return [again];
  });
}

/** Where redriving stands behind a batch. */
interface Progress {
  readonly group: string;
  readonly partition: number;
  readonly next: number;
}

/** How often a transaction is tried again, and how long it waits in between. */
const TRIES = 10;
const BUSY_MS = 100;

/**
 * The events and the progress in one transaction: whoever goes on after a kill sends none twice. The client does
 * not ask again where the broker is busy with a transaction; what was aborted is sent again here.
 */
async function send(
  writer: Writer,
  again: readonly Again[],
  raw: TopicState,
  codecs: Codecs,
  at: Progress,
): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    const transaction = await writer.begin();
    try {
      await transaction.send({
        topic: 'errors.raw',
        acks: -1,
        messages: again.map(({ event, key }) => ({
          key,
          partition: bucketOf(key, raw.partitions),
          value: codecs.encode('errors.raw', event),
        })),
      });
      await transaction.sendOffsets({
        consumerGroupId: at.group,
        topics: [{ topic: TOPIC, partitions: [{ partition: at.partition, offset: String(at.next) }] }],
      });
    } catch (error) {
      await transaction.abort(); // where that fails too nothing is certain: the error ends the command
      if (!isBusy(error) || tried >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS * tried));
      continue;
    }
    await transaction.commit();
    return;
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'CONCURRENT_TRANSACTIONS';

/** Writes transactions, one after another. */
interface Writer {
  readonly begin: () => Promise<Transaction>;
  readonly close: () => Promise<void>;
}

/** A writer that has fenced whoever redrives the same: only then is the progress to be trusted. */
async function openWriter(client: Kafka, group: string): Promise<Writer> {
  const writer = client.producer({
    transactionalId: group,
    maxInFlightRequests: 1,
    // the broker settles the transaction before: it is asked again soon, and often
    retry: { initialRetryTime: 20, multiplier: 1.5, maxRetryTime: 500, retries: 40 },
  });
  await writer.connect();
  let first: Transaction | undefined = await writer.transaction();
  return {
    begin: async () => {
      const transaction = first ?? (await writer.transaction());
      first = undefined;
      return transaction;
    },
    close: async () => writer.disconnect().catch(() => undefined),
  };
}

async function progressOf(client: Kafka, group: string): Promise<ReadonlyMap<number, number>> {
  const admin = client.admin();
  await admin.connect();
  try {
    const [entry] = await admin.fetchOffsets({ groupId: group, topics: [TOPIC] });
    return new Map(
      (entry?.partitions ?? []).flatMap(({ partition, offset }) =>
        Number(offset) < 0 ? [] : [[partition, Number(offset)] as const],
      ),
    );
  } finally {
    await admin.disconnect();
  }
}

async function rawTopic(client: Kafka): Promise<TopicState> {
  const admin = client.admin();
  await admin.connect();
  try {
    const { topics } = await readTopology(admin, [TOPIC, 'errors.raw']);
    return needed(topics.get('errors.raw'), 'errors.raw', 'FAULTLINE_BROKERS');
  } finally {
    await admin.disconnect();
  }
}

const letterOf = ({ value, headers }: KafkaMessage): DeadLetter => ({
  value,
  headers: Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, header]) => [name, String(header ?? '')]),
  ),
});

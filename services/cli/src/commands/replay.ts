import path from 'node:path';
import type { Command } from 'commander';
import { Fault, hashOf } from '@faultline/stream';
import type { LineProducer } from '@faultline/platform';
import { printJson, tell, type CliContext } from '../cli-context.ts';
import { wrongInput } from '../exit-code.ts';
import { readCorpus, type CorpusEntry } from '../domain/corpus-entry.ts';
import { replayed, type Replayed } from '../domain/replay-plan.ts';
import { flakyTarget } from '../line/flaky-target.ts';
import { locateLine } from '../line/locate-line.ts';
import { openProducer } from '../line/open-producer.ts';

interface ReplayOptions {
  readonly corpus: string;
  readonly rate: string;
  readonly loop?: boolean;
  readonly count?: string;
  readonly name?: string;
  readonly listen: string;
  readonly targetUrl?: string;
  readonly target: boolean;
  readonly linger: string;
  readonly json?: boolean;
  readonly data?: string;
}

/** How often records are sent; what is due by then goes in one request. */
const TICK_MS = 200;
/** How often it is told how far the replay is. */
const PROGRESS_MS = 10_000;
/** How long to wait for a line that is away. */
const AWAY_MS = 1_000;

/** `faultline replay`: the failures of the corpus, sent as if pipelines had them now. */
export function replayCommand(program: Command, context: CliContext): void {
  program
    .command('replay')
    .description('send the real failures of a corpus into the line, with runs that passed beside them')
    .option('--corpus <DIR>', 'folder with index.ndjson', 'test/corpus/data')
    .option('--rate <N>', 'failures a second', '5')
    .option('--loop', 'begin again at the end')
    .option('--count <N>', 'end after so many failures')
    .option('--name <NAME>', 'part of the ids; the same name again makes duplicates of what it made before')
    .option(
      '--listen <HOST:PORT>',
      'where operations can be run again; port 0 takes a free one',
      '127.0.0.1:0',
    )
    .option('--target-url <URL>', 'address of that place as the retrier reaches it')
    .option('--no-target', 'send no way to run operations again')
    .option('--linger <S>', 'stay so many seconds for the retries after the last one was sent', '0')
    .option('--json', 'print {sent, observations, loops, reruns} at the end')
    .option('--data <DIR>', 'data folder of the line that is meant')
    .action(async (options: ReplayOptions) => replay(context, options));
}

async function replay(context: CliContext, options: ReplayOptions): Promise<void> {
  const rate = positive('--rate', options.rate);
  const lingerS = Number(options.linger);
  if (!(lingerS >= 0)) throw wrongInput(`--linger is "${options.linger}"`, 'give seconds');
  const count = options.count === undefined ? Infinity : positive('--count', options.count);
  const corpus = readCorpus(path.resolve(context.cwd, options.corpus));
  const name = options.name ?? `replay-${context.now().toString(36)}`;
  const target = options.target ? await flakyTarget(...hostAndPort(options.listen)) : null;
  let producer: LineProducer | undefined;
  const sender = async (): Promise<LineProducer> => {
    producer ??= await openProducer(locateLine(context, options.data));
    return producer;
  };
  try {
    const plan = { name, targetUrl: options.targetUrl ?? target?.url ?? null };
    tell(context, `replay ${name}: ${corpus.length} runs, ${rate} failures a second`);
    const done = await pump(context, corpus, { rate, count, loop: options.loop === true, plan }, sender);
    await pause(context, lingerS * 1_000);
    printJson(context, { name, ...done, reruns: target?.counts() ?? { succeeded: 0, failed: 0 } });
  } finally {
    await producer?.stop();
    await target?.close();
  }
}

interface Pumping {
  readonly rate: number;
  readonly count: number;
  readonly loop: boolean;
  readonly plan: { readonly name: string; readonly targetUrl: string | null };
}

interface Pumped {
  readonly sent: number;
  readonly observations: number;
  readonly loops: number;
}

async function pump(
  context: CliContext,
  corpus: readonly CorpusEntry[],
  { rate, count, loop, plan }: Pumping,
  sender: () => Promise<LineProducer>,
): Promise<Pumped> {
  let sent = 0;
  let observations = 0;
  let pass = 0;
  let at = 0;
  let order = corpus;
  let credit = 0;
  let told = context.now();
  let last = context.now();
  const over = (): boolean =>
    context.signal.aborted || sent >= count || (at >= corpus.length && !loop && pass > 0);
  while (!over()) {
    const now = context.now();
    credit = Math.min(Math.max(1, rate), credit + ((now - last) / 1_000) * rate); // a pause is not caught up with
    last = now;
    const batch: Replayed[] = [];
    for (let due = Math.min(Math.floor(credit), count - sent); due > 0;) {
      if (at >= corpus.length) {
        pass += 1;
        at = 0;
        if (!loop) break;
      }
      if (at === 0) order = shuffled(corpus, pass);
      const entry = order[at] as CorpusEntry;
      at += 1;
      const one = replayed(entry, { ...plan, loop: pass, now });
      batch.push(one);
      if (one.event === null) continue;
      due -= 1;
      credit -= 1;
    }
    if (batch.length > 0) {
      await sendAll(context, batch, sender, loop);
      sent += batch.filter(({ event }) => event !== null).length;
      observations += batch.length;
    }
    if (!loop && pass > 0) break;
    if (now - told >= PROGRESS_MS) {
      told = now;
      tell(context, `${sent} failures and ${observations} runs sent, pass ${pass + 1}`);
    }
    if (!over()) await pause(context, TICK_MS);
  }
  return { sent, observations, loops: pass };
}

/** Another order for each pass, the same each time: tools fail side by side, not one after another. */
const shuffled = (corpus: readonly CorpusEntry[], pass: number): readonly CorpusEntry[] =>
  corpus
    .map((entry) => ({ entry, at: hashOf(pass, entry.id) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ entry }) => entry);

/** Sends a batch; a looping replay waits for a line that is away, any other fails. */
async function sendAll(
  context: CliContext,
  batch: readonly Replayed[],
  sender: () => Promise<LineProducer>,
  patient: boolean,
): Promise<void> {
  const events = batch.flatMap(({ event }) => (event === null ? [] : [event]));
  let told = false;
  for (;;) {
    try {
      const producer = await sender();
      await producer.send(
        'errors.raw',
        events.map((record) => ({ key: record.operation ?? record.id, record })),
      );
      await producer.send(
        'errors.feedback',
        batch.map(({ observation: record }) => ({ key: record.operation ?? record.id, record })),
      );
      return;
    } catch (error) {
      if (context.signal.aborted) return;
      if (!patient || !(error instanceof Fault) || !error.retryable) throw error;
      if (!told) tell(context, `waiting for the line: ${error.message}`);
      told = true;
      await pause(context, AWAY_MS);
    }
  }
}

async function pause({ signal }: CliContext, ms: number): Promise<void> {
  if (signal.aborted || ms <= 0) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw wrongInput(`${option} is "${text}"`, 'give a number above 0');
  return number;
}

function hostAndPort(text: string): [string, number] {
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw wrongInput(`--listen is "${text}"`, 'write it as HOST:PORT');
  }
  return [text.slice(0, colon).replace(/^\[|\]$/g, ''), port];
}

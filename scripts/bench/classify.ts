import { errorEvent, openRecord, type ErrorRecord } from '@faultline/schemas';
import { advance, baselineSnapshots, type Answers } from '@faultline/stream';
import { classifyText, createClassifierStage } from '@faultline/classifier';
import { machine, quantile, spreadOf, type BenchResult, type BenchRow } from './result.ts';

const RUNS = 5;
const EVENTS = 5000;
const LOG_LINES = 50_000;
const RECEIVED_AT = 1_800_000_000_000;

/**
 * How fast the classifier is, alone and on one core: typical events of about 1 KB through the whole stage, the same
 * without the claim, and a log of 50,000 lines with its cause at line 40.
 */
export function run(argv: readonly string[]): Promise<BenchResult> {
  if (argv.length > 0) throw new Error(`bench classify takes no options, not ${argv.join(' ')}`);
  const records = Array.from({ length: EVENTS }, (_, index) => recordOf(index));
  const bytes = records.reduce((sum, { event }) => sum + JSON.stringify(event).length, 0) / EVENTS;
  const stage = createClassifierStage();
  const knowledge = baselineSnapshots(stage.knowledge);
  const decide = (record: ErrorRecord): unknown => {
    const answers: Answers = Object.fromEntries(
      stage.plan(record, RECEIVED_AT).map((ask) => [
        ask.key,
        {
          kind: 'claim',
          holder: record.coordinate,
          payloadHash: 'payloadHash' in ask ? ask.payloadHash : '',
        } as const,
      ]),
    );
    const input = { topic: 'errors.raw', partition: 0, offset: record.coordinate.offset } as const;
    return advance({ stage, record, input, answers, knowledge, now: RECEIVED_AT, traceparent: null });
  };
  const claimed: Answers = {
    event: { kind: 'claim', holder: { topicId: 'bench', partition: 0, offset: 0 }, payloadHash: '' },
  };
  const classifyOnly = (record: ErrorRecord): unknown =>
    stage.decide(record, claimed, knowledge, RECEIVED_AT, () => 0);
  const log = longLog();
  return Promise.resolve({
    machine: machine(),
    load: {
      records: EVENTS,
      bytes: Math.round(bytes),
      partitions: 1,
      mix: '10 kinds of failure, 4 in 10 with a stack trace',
    },
    rows: [
      measure('classify', records, classifyOnly),
      measure('stage', records, decide),
      measure('log-50000-lines', [log], (text) => classifyText(text)),
    ],
    ratios: {},
  });
}

function measure<Item>(id: string, items: readonly Item[], work: (item: Item) => unknown): BenchRow {
  for (let warm = 0; warm < 2; warm += 1) for (const item of items) work(item);
  const rates: number[] = [];
  const latencies: number[] = [];
  const cpu = process.cpuUsage();
  for (let round = 0; round < RUNS; round += 1) {
    const started = performance.now();
    for (const item of items) {
      const before = performance.now();
      work(item);
      latencies.push(performance.now() - before);
    }
    rates.push((items.length / (performance.now() - started)) * 1000);
  }
  const used = process.cpuUsage(cpu);
  const perMillion = (used.user + used.system) / (items.length * RUNS);
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    id,
    runs: RUNS,
    recordsPerS: spreadOf(rates),
    cpuSPerMillion: { total: perMillion, byProcess: { classifier: perMillion } },
    rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
    latencyMs: { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), p999: quantile(sorted, 0.999) },
  };
}

const messages = [
  (n: number) => `npm error code ECONNRESET while fetching package ${n} of 1200`,
  (n: number) =>
    `src/orders/settle.ts(${n},7): error TS2322: Type 'string' is not assignable to type 'number'.`,
  (n: number) => `connect ECONNREFUSED 10.0.${n % 250}.7:5432`,
  (n: number) => `Timeout of ${n}ms exceeded while waiting for selector "#total"`,
  (n: number) => `deadlock detected: process ${n} waits for ShareLock on transaction ${n * 7}`,
  (n: number) => `No space left on device, write '/builds/acme/app/dist/chunk-${n}.js'`,
  (n: number) => `FAILED tests/test_orders.py::test_settle[${n}] - AssertionError: expected 12.50, got 12.49`,
  (n: number) => `The runner has received a shutdown signal (job ${n})`,
  (n: number) => `toomanyrequests: You have reached your pull rate limit (${n})`,
  (n: number) => `cannot settle order ${n}: ledger entry is missing`,
] as const;

function recordOf(index: number): ErrorRecord {
  const message = (messages[index % messages.length] as (n: number) => string)(index);
  const stack =
    index % 10 < 4
      ? `Error: ${message}\n${Array.from({ length: 7 }, (_, frame) => `    at Settlement.step${frame} (/builds/acme/app/src/orders/settle-${frame}.ts:${index % 400}:${frame})`).join('\n')}`
      : null;
  const event = errorEvent({
    id: `bench-${index}`,
    time: RECEIVED_AT,
    source: 'bench',
    message,
    stack,
    exitCode: 1,
    environment: 'ci',
    repository: 'acme/app',
    commit: '0123456789abcdef0123456789abcdef01234567',
    ref: 'feature/settlement',
    pipeline: 'build and test',
    run: String(index),
    task: 'unit tests',
    attempt: 1,
    runner: `pool-linux-${index % 9}`,
    operation: `acme/app/${index % 100}`,
    labels: { team: 'orders', lane: 'main', region: 'eu-central' },
    context: {
      cpuUsage: 71.5,
      shard: index % 8,
      cached: true,
      note: stack === null ? 'retried by nobody so far, first seen on this branch; '.repeat(6) : '',
    },
  });
  return openRecord(
    event,
    { topicId: 'bench', partition: 0, offset: 0 },
    RECEIVED_AT,
    RECEIVED_AT + 86_400_000,
  );
}

function longLog(): string {
  const lines = Array.from({ length: LOG_LINES }, (_, line) =>
    line % 7 === 0
      ? `2026-05-01T12:00:${String(line % 60).padStart(2, '0')}.123Z [INFO] Downloaded from central: https://repo.example.com/maven2/com/acme/part-${line}.jar (12 kB at 3.4 MB/s)`
      : `2026-05-01T12:00:00.000Z [INFO] Compiling module ${line} of ${LOG_LINES} with ${line % 13} notes`,
  );
  lines[40] = '2026-05-01T12:00:00.000Z npm error code EINTEGRITY';
  lines[LOG_LINES - 1] = '##[error]Process completed with exit code 1.';
  return lines.join('\n');
}

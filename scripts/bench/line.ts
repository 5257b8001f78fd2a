/**
 * The whole line beside a bare exactly-once copy, in one run on one machine. Both drain what a producer outside
 * of the measurement writes; the figures are CPU seconds of the measured processes and records a second.
 */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { registryCodecs, type Codecs } from '@faultline/platform';
import type { ErrorEvent } from '@faultline/schemas';
import { startCluster, type Cluster } from '../native/index.mjs';
import { benchEvents } from './bench-events.ts';
import { countCommitted } from './count-committed.ts';
import { usageOf } from './process-usage.ts';
import { machine, quantile, spreadOf, type BenchResult, type BenchRow } from './result.ts';

const root = new URL('../..', import.meta.url).pathname;
const PARTITIONS = 4;
const HOPS = 4; // raw to classified, to fixable, to unresolved, to escalated
const SEND_RECORDS = 500;
const services = ['classifier', 'retrier', 'fixer', 'escalator', 'analytics'] as const;

interface Measured {
  readonly recordsPerS: number;
  readonly cpuS: Readonly<Record<string, number>>;
  readonly rssMb: number;
}

/** Runs the benchmark. Options: --records, --bytes, --runs, --port-base, --latency-s. */
export async function run(argv: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      records: { type: 'string', default: '8000' },
      bytes: { type: 'string', default: '800' },
      runs: { type: 'string', default: '5' },
      'port-base': { type: 'string', default: '26000' },
      'latency-s': { type: 'string', default: '10' },
    },
  });
  const records = Number(values.records);
  const bytes = Number(values.bytes);
  const runs = Number(values.runs);
  const directory = mkdtempSync(join(tmpdir(), 'faultline-bench-'));
  let cluster: Cluster | undefined;
  const children: ChildProcess[] = [];
  try {
    console.error('starting a cluster');
    cluster = await startCluster({ dataDir: directory, portBase: Number(values['port-base']), tether: true });
    const env = {
      ...process.env,
      NODE_ENV: 'production',
      FAULTLINE_BROKERS: cluster.bootstrap,
      FAULTLINE_REGISTRY_URL: cluster.registryUrl,
      DATABASE_URL: cluster.databaseUrl,
      FAULTLINE_PARTITIONS: String(PARTITIONS),
      FAULTLINE_LOG_LEVEL: 'error',
    };
    await provision(env);
    const kafka = new kafkajs.Kafka({ brokers: [cluster.bootstrap], logLevel: kafkajs.logLevel.NOTHING });
    const codecs = await registryCodecs(cluster.registryUrl);
    const producer = kafka.producer({ maxInFlightRequests: 5 });
    await producer.connect();
    const setting: Setting = { kafka, producer, codecs, records, bytes, env, directory, children };

    const copy = await benchCopy(setting, cluster, runs);
    const line = await benchLine(setting, runs, Number(values['latency-s']));
    await producer.disconnect();
    return {
      machine: machine(),
      load: {
        records,
        bytes: copy.bytes,
        partitions: PARTITIONS,
        mix: 'failures of the corpus, none can be run again',
      },
      rows: [copy.row, line],
      ratios: {
        hops: HOPS,
        lineToCopyRecordsPerS: line.recordsPerS.median / copy.row.recordsPerS.median,
        lineToCopyOverHops: (line.recordsPerS.median / copy.row.recordsPerS.median) * HOPS,
        lineToCopyCpu: line.cpuSPerMillion.total / copy.row.cpuSPerMillion.total,
      },
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await cluster?.stop({ discard: true });
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Setting {
  readonly kafka: Kafka;
  readonly producer: Producer;
  readonly codecs: Codecs;
  readonly records: number;
  readonly bytes: number;
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
  readonly children: ChildProcess[];
}

async function provision(env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'services/platform/dist/provision/main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('the provisioning failed; build first: npm run build');
}

async function benchCopy(
  setting: Setting,
  cluster: Cluster,
  runs: number,
): Promise<{ readonly row: BenchRow; readonly bytes: number }> {
  const { kafka, children } = setting;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: ['bench.in', 'bench.out'].map((topic) => ({
      topic,
      numPartitions: PARTITIONS,
      replicationFactor: 1,
    })),
  });
  await admin.disconnect();
  const worker = fork(
    new URL('./copy-worker.ts', import.meta.url).pathname,
    [cluster.bootstrap, 'bench.in', 'bench.out', 'bench-copy'],
    {
      execArgv: ['--import', 'tsx', '-C', 'dev'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: setting.env,
    },
  );
  children.push(worker);
  await new Promise((resolve) => worker.once('message', resolve));
  const measured: Measured[] = [];
  let sent = 0;
  for (let index = 0; index <= runs; index += 1) {
    const result = await drain(setting, 'bench.in', 'bench.out', [['copy', worker]], `copy-${index}`);
    sent = result.bytes;
    if (index > 0) measured.push(result); // the first run warms up
    console.error(`copy run ${index}: ${Math.round(result.recordsPerS)} records/s`);
  }
  worker.kill('SIGTERM');
  return { row: rowOf('copy', setting.records, measured, null), bytes: sent };
}

async function benchLine(setting: Setting, runs: number, latencyS: number): Promise<BenchRow> {
  const processes = services.map((name): readonly [string, ChildProcess] => {
    const log = openSync(join(setting.directory, `${name}.log`), 'a');
    const child = spawn(process.execPath, [join(root, `services/${name}/dist/main.js`)], {
      env: { ...setting.env, FAULTLINE_HTTP_PORT: '0' },
      stdio: ['ignore', log, log],
    });
    setting.children.push(child);
    return [name, child];
  });
  const measured: Measured[] = [];
  for (let index = 0; index <= runs; index += 1) {
    const result = await drain(setting, 'errors.raw', 'errors.escalated', processes, `line-${index}`);
    if (index > 0) measured.push(result);
    console.error(`line run ${index}: ${Math.round(result.recordsPerS)} records/s`);
  }
  const rate = spreadOf(measured.map(({ recordsPerS }) => recordsPerS)).median / 2;
  const latency = await latencyAt(setting, rate, latencyS);
  for (const [, child] of processes) child.kill('SIGTERM');
  return rowOf('line', setting.records, measured, latency);
}

/** Sends the records at once and waits until a reader of committed records has seen as many at the end. */
async function drain(
  setting: Setting,
  from: string,
  to: string,
  processes: readonly (readonly [string, ChildProcess])[],
  label: string,
): Promise<Measured & { readonly bytes: number }> {
  const values = encoded(setting, benchEvents(setting.records, setting.bytes, `${label}-${process.pid}`));
  const counter = await countCommitted(setting.kafka, to);
  try {
    const before = usageOfAll(processes);
    const began = performance.now();
    await sendAll(setting.producer, from, values);
    await counter.until(values.length, 300_000);
    const seconds = (performance.now() - began) / 1000;
    const after = usageOfAll(processes);
    return {
      recordsPerS: values.length / seconds,
      cpuS: Object.fromEntries(
        processes.map(([name]) => [name, (after.cpu[name] ?? 0) - (before.cpu[name] ?? 0)]),
      ),
      rssMb: after.rssMb,
      bytes: Math.round(values.reduce((sum, { length }) => sum + length, 0) / values.length),
    };
  } finally {
    await counter.stop();
  }
}

/** Sends at a steady rate and takes the time between the broker's stamps on errors.raw and errors.escalated. */
async function latencyAt(
  setting: Setting,
  rate: number,
  seconds: number,
): Promise<NonNullable<BenchRow['latencyMs']>> {
  const count = Math.max(100, Math.floor(rate * seconds));
  const values = encoded(setting, benchEvents(count, setting.bytes, `latency-${process.pid}`));
  const codec = setting.codecs.reader('ErrorRecord');
  const read: { readonly value: Buffer | null; readonly at: number }[] = [];
  const counter = await countCommitted(setting.kafka, 'errors.escalated', (value, at) =>
    read.push({ value, at }),
  );
  const began = performance.now();
  let sent = 0;
  while (sent < values.length) {
    const due = Math.min(values.length, Math.ceil(((performance.now() - began) / 1000) * rate));
    if (due > sent) await sendAll(setting.producer, 'errors.raw', values.slice(sent, due));
    sent = Math.max(sent, due);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await counter.until(values.length, 120_000);
  await counter.stop();
  await codec.prepare(read.map(({ value }) => value));
  const latencies = read.map(({ value, at }) => at - codec.decode(value).receivedAt).sort((a, b) => a - b);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), p999: quantile(latencies, 0.999) };
}

const encoded = ({ codecs }: Setting, events: readonly ErrorEvent[]): readonly Buffer[] =>
  events.map((event) => codecs.encode('errors.raw', event));

async function sendAll(producer: Producer, topic: string, values: readonly Buffer[]): Promise<void> {
  for (let index = 0; index < values.length; index += SEND_RECORDS) {
    const messages = values.slice(index, index + SEND_RECORDS).map((value, offset) => ({
      key: String(index + offset),
      value,
      partition: (index + offset) % PARTITIONS,
    }));
    await producer.send({ topic, acks: -1, messages });
  }
}

function usageOfAll(processes: readonly (readonly [string, ChildProcess])[]): {
  readonly cpu: Readonly<Record<string, number>>;
  readonly rssMb: number;
} {
  const usages = processes.map(([name, { pid, exitCode }]) => {
    if (pid === undefined || exitCode !== null) throw new Error(`${name} has died`);
    return [name, usageOf(pid)] as const;
  });
  return {
    cpu: Object.fromEntries(usages.map(([name, { cpuS }]) => [name, cpuS])),
    rssMb: usages.reduce((sum, [, { rssMb }]) => sum + rssMb, 0),
  };
}

function rowOf(
  id: string,
  records: number,
  measured: readonly Measured[],
  latencyMs: BenchRow['latencyMs'],
): BenchRow {
  const perMillion = (cpuS: number): number => (cpuS / records) * 1e6;
  const names = Object.keys(measured[0]?.cpuS ?? {});
  const byProcess = Object.fromEntries(
    names.map((name) => [name, spreadOf(measured.map(({ cpuS }) => perMillion(cpuS[name] ?? 0))).median]),
  );
  return {
    id,
    runs: measured.length,
    recordsPerS: spreadOf(measured.map(({ recordsPerS }) => recordsPerS)),
    cpuSPerMillion: { total: Object.values(byProcess).reduce((sum, value) => sum + value, 0), byProcess },
    rssMb: Math.max(...measured.map(({ rssMb }) => rssMb)),
    latencyMs,
  };
}

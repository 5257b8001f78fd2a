import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import kafkajs, { type Admin } from 'kafkajs';
import { Pool } from 'pg';
import { defaultPolicy, type EscalationPolicy } from '@faultline/escalator';
import { readTopology, registryCodecs, storeKnowledge } from '@faultline/platform';
import { topicNames } from '@faultline/schemas';
import { readerOf } from '@faultline/stream';
import { isPortFree, portsOf } from '../../scripts/native/index.mjs';
import { lineServices } from '../support/line-processes.ts';
import { pythonClient } from '../support/python-client.ts';
import { startStandIns } from '../support/stand-ins/start-stand-ins.ts';
import { sessionTimeoutMs, startChaosLine, transactionTimeoutMs, type ChaosLine } from './chaos-line.ts';
import type { ChaosOptions } from './chaos-options.ts';
import { dumpTables } from './dump-tables.ts';
import type { Counts, FaultContext } from './fault-context.ts';
import { injectFaults } from './fault-lanes.ts';
import { smallDisk } from './full-disk.ts';
import { dumpOutside, manifestOf } from './leave-evidence.ts';
import { startLoad } from './load.ts';
import { countLogs } from './log-counts.ts';
import { sampleMemory } from './memory-samples.ts';
import { runPythonScript, startPython } from './python-process.ts';
import type { Recovery } from './recovery.ts';
import { startRerunTarget } from './rerun-target.ts';
import { SeededRandom } from './seeded-random.ts';
import { killAndMeasure, pauseClassifier } from './service-faults.ts';
import { untilSettled } from './settle.ts';
import { verifyRun, type ChaosResult } from './verify-run.ts';

const FIRST_PORT = 25_000;
const BLOCK_PORTS = 200;
const TARGET_AT = 80;
const STAND_INS_AT = 90;
const WARM_UP_MS = 4_000;
/** Below this a run measures the recovery of one service, above of four. */
const LONG_MINUTES = 3;

type Cleanup = () => Promise<unknown>;

/** One run: brings a line up, puts it under load and fire, lets it settle, and verifies what it left. */
export async function runChaos(
  options: ChaosOptions,
  tree: string,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<ChaosResult> {
  const work = await mkdtemp(path.join(tmpdir(), 'faultline-chaos-'));
  const dir = options.keep ?? path.join(work, 'evidence');
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) {
    if (name.endsWith('.ndjson') || name === 'run.json') await rm(path.join(dir, name));
  }
  const cleanups: Cleanup[] = [async () => rm(work, { recursive: true, force: true, maxRetries: 10 })];
  try {
    const running = fire(options, tree, { work, dir, log, signal, cleanups });
    running.catch(() => undefined); // where the run was given up first
    await Promise.race([running, aborted(signal)]);
    return await verifyRun(dir);
  } finally {
    if (options.keep !== undefined) {
      await cp(path.join(work, 'logs'), path.join(dir, 'logs'), { recursive: true, force: true }).catch(
        () => undefined,
      );
    }
    for (const cleanup of cleanups.toReversed()) {
      await cleanup().catch((error: unknown) => log(`cleaning up: ${String(error)}`));
    }
  }
}

interface Place {
  readonly work: string;
  readonly dir: string;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  readonly cleanups: Cleanup[];
}

async function fire(options: ChaosOptions, tree: string, place: Place): Promise<void> {
  const { work, dir, log, signal, cleanups } = place;
  const { seed, minutes, brokers } = options;
  const portBase = options.portBase ?? (await freePorts());
  const random = new SeededRandom(seed);
  const python = await pythonClient();
  const target = await startRerunTarget(portBase + TARGET_AT);
  cleanups.push(target.stop);
  const standIns = await startStandIns(portBase + STAND_INS_AT);
  cleanups.push(standIns.stop);
  const disk = await smallDisk(path.join(work, 'cluster', 'postgres'));
  cleanups.push(disk.unmount);
  const line = await startChaosLine({
    dir: work,
    tree,
    portBase,
    brokers,
    log,
    env: {
      ...standIns.env,
      FAULTLINE_OUTBOUND_ALLOW: '127.0.0.0/8',
      FAULTLINE_EFFECT_TIMEOUT_MS: '3000',
      FAULTLINE_EFFECT_CONCURRENCY: '2',
      FAULTLINE_AUDIT_MS: '2000',
      FAULTLINE_PUBLIC_URL: `http://127.0.0.1:${portBase}`,
    },
    beforeServices: publishQuickPolicy,
  });
  cleanups.push(async () => {
    await line.cluster.stopPostgres({ signal: 'SIGKILL' });
    await disk.unmount();
    await line.stop();
  });
  const { cluster } = line;
  const admin = adminOf(cluster.bootstrap);
  await admin.connect();
  cleanups.push(async () => admin.disconnect());
  const topology = await readTopology(admin, topicNames);
  const readerArgs = [cluster.bootstrap, cluster.registryUrl, dir, ...topicNames];
  const live = startPython(python, './read.py', ['live', ...readerArgs]);
  cleanups.push(async () => live.kill());
  const stopMemory = sampleMemory(line.slots, dir);
  cleanups.push(stopMemory);

  const counts: Counts = {
    kills: 0,
    pauses: 0,
    brokerRestarts: 0,
    effectCrashes: 0,
    injected: {},
    crashPoints: {},
  };
  const recoveries: Recovery[] = [];
  const durationMs = minutes * 60_000;
  const raw = topology.topics.get('errors.raw');
  const load = startLoad({
    python,
    brokers: cluster.bootstrap,
    dir,
    random: random.fork(),
    target,
    codecs: await registryCodecs(cluster.registryUrl),
    topicId: raw?.topicId ?? '',
    partitions: raw?.partitions ?? 1,
    foreignSchemaId: await registerForeign(cluster.registryUrl),
    recordsPerSecond: options.rate,
    durationMs,
  });
  cleanups.push(async () => load.kill());
  const began = performance.now();
  const context: FaultContext = {
    line,
    random: random.fork(),
    standIns,
    target,
    disk,
    admin,
    counts,
    recoveries,
    log: (text) => log(`${((performance.now() - began) / 1_000).toFixed(1)} s  ${text}`),
    pause: async (ms) => pauseUnless(ms, signal),
  };
  await context.pause(WARM_UP_MS);
  const measured = (['classifier', 'retrier', 'fixer', 'escalator'] as const).slice(
    0,
    minutes >= LONG_MINUTES ? 4 : 1,
  );
  for (const service of measured) await killAndMeasure(context, service);
  await pauseClassifier(context);
  await injectFaults(context, options.faults, began + durationMs);

  for (const { journal } of Object.values(standIns.byName)) journal.setFault({ mode: 'none' });
  await line.heal();
  const sent = await load.finish();
  context.log(`${sent.acked} acknowledged, ${sent.unanswered} unanswered; settling`);
  const unsettled = await untilSettled(admin, cluster.databaseUrl, options.settleMs, context.log);
  const settledAt = Date.now();
  context.log(unsettled.length === 0 ? 'settled' : `not settled: ${unsettled.join('; ')}`);
  await pauseUnless(2_000, signal);
  await live.end();
  const read = await runPythonScript(python, './read.py', ['final', ...readerArgs]);
  if (read.code !== 0) throw new Error('the topics could not be read to their ends');
  const lineState = await lineOf(line);
  await stopMemory();
  await dumpTables(cluster.databaseUrl, dir);
  await dumpOutside(standIns, target, dir);
  const told = await countLogs(path.join(work, 'logs'), new Set(lineServices));
  context.log('dumped');
  const { injected, crashPoints, effectCrashes, ...contained } = counts;
  await writeFile(
    path.join(dir, 'run.json'),
    JSON.stringify({
      v: 1,
      seed,
      minutes,
      brokers,
      faults: options.faults,
      groupPrefix: 'faultline',
      topics: topicNames,
      topicIds: Object.fromEntries([...topology.topics].map(([name, { topicId }]) => [name, topicId])),
      partitions: Object.fromEntries([...topology.topics].map(([name, of]) => [name, of.partitions])),
      stageInputs: Object.entries(readerOf).map(([topic, stage]) => [stage, topic]),
      notifier: true,
      sessionTimeoutMs,
      transactionTimeoutMs,
      settled: unsettled.length === 0,
      unsettled,
      settledAt,
      line: lineState,
      recoveries,
      exits: line.exits,
      effectCrashes,
      crashPoints,
      injected,
      fullDisk: disk.kind,
      contained: { ...contained, ...told },
      mustContain: ['kills', 'aborts', 'fences', 'rebalances'],
      mustInject: options.faults,
      manifest: await manifestOf(dir),
    }),
  );
}

/** The first block of ports that nobody has begun to use. */
async function freePorts(): Promise<number> {
  for (let base = FIRST_PORT; base < FIRST_PORT + 20 * BLOCK_PORTS; base += BLOCK_PORTS) {
    const used = await Promise.all(
      [portsOf(base).guard, portsOf(base).registry, base + TARGET_AT].map(async (port) => isPortFree(port)),
    );
    if (used.every(Boolean)) return base;
  }
  throw new Error(`no free block of ports from ${FIRST_PORT} on`);
}

/** Timing of the notifier in seconds instead of minutes, so that notices are part of the run. */
async function publishQuickPolicy(databaseUrl: string): Promise<void> {
  const quick: EscalationPolicy = {
    ...defaultPolicy,
    defaults: {
      ...defaultPolicy.defaults,
      channels: ['linear', 'slack', 'webhook', 'email'],
      groupWaitMs: 1_000,
      groupIntervalMs: 6_000,
      repeatIntervalMs: 3_600_000,
    },
  };
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  try {
    await storeKnowledge(pool, 'escalation-policy', quick, 'published');
  } finally {
    await pool.end();
  }
}

async function registerForeign(registryUrl: string): Promise<number> {
  const schema = {
    type: 'record',
    name: 'Foreign',
    namespace: 'chaos',
    fields: [{ name: 'only', type: 'int' }],
  };
  const response = await fetch(`${registryUrl}/subjects/chaos-foreign-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schemaType: 'AVRO', schema: JSON.stringify(schema) }),
  });
  const { id } = (await response.json()) as { readonly id: number };
  return id;
}

async function lineOf(line: ChaosLine): Promise<unknown> {
  for (const slot of line.slotsOf('analytics')) {
    const response = await fetch(`${slot.url}/api/v1/line`).catch(() => undefined);
    if (response?.ok === true) return response.json();
  }
  return null;
}

function adminOf(bootstrap: string): Admin {
  return new kafkajs.Kafka({
    brokers: bootstrap.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 10_000,
    requestTimeout: 10_000,
    retry: { retries: 30, maxRetryTime: 1_000 },
  }).admin();
}

async function pauseUnless(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', give);
      resolve();
    }, ms);
    const give = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', give, { once: true });
  });
}

async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

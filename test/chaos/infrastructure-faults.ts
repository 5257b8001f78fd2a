import { processRef, signalProcess } from '../../scripts/native/index.mjs';
import { childrenOf } from './children-of.ts';
import { sessionTimeoutMs } from './chaos-line.ts';
import type { EndTxnFault } from './end-txn-proxy.ts';
import { effectsUnderWay, type Fault, type FaultContext } from './fault-context.ts';

const PAUSE_MS = sessionTimeoutMs + 2_000;
const REQUEST_TIMEOUT_MS = 10_000;

function signal({ line }: FaultContext, name: string, what: 'SIGSTOP' | 'SIGCONT'): void {
  const ref = line.cluster.processOf(name);
  if (ref !== undefined) signalProcess(ref, what);
}

async function pauseNode(context: FaultContext, name: string, ms: number): Promise<void> {
  context.log(`SIGSTOP ${name} for ${ms} ms`);
  context.counts.pauses += 1;
  signal(context, name, 'SIGSTOP');
  try {
    await context.pause(ms);
  } finally {
    signal(context, name, 'SIGCONT');
  }
}

/** kill -9 of a broker, and its return. */
export const killBroker: Fault = async ({ line, random, counts, log, pause }) => {
  const { id } = random.pick(line.cluster.brokers);
  log(`kill -9 broker ${id}`);
  await line.cluster.stopBroker(id, { signal: 'SIGKILL' });
  counts.kills += 1;
  await pause(random.whole(0, 3_000));
  await line.cluster.startBroker(id);
  counts.brokerRestarts += 1;
  await pause(3_000);
};

/** SIGSTOP of a broker for longer than the sessions. */
export const pauseBroker: Fault = async (context) => {
  const { id } = context.random.pick(context.line.cluster.brokers);
  await pauseNode(context, `broker-${id}`, PAUSE_MS);
  await context.pause(3_000);
};

/** kill -9 of the registry, and its return. */
export const killRegistry: Fault = async ({ line, random, counts, log, pause }) => {
  log('kill -9 registry');
  await line.cluster.stopRegistry({ signal: 'SIGKILL' });
  counts.kills += 1;
  await pause(random.whole(1_000, 6_000));
  await line.cluster.startRegistry();
};

/** SIGSTOP of the registry. */
export const pauseRegistry: Fault = async (context) => pauseNode(context, 'registry', PAUSE_MS);

/** kill -9 of Postgres, and its return. */
export const killPostgres: Fault = async ({ line, random, counts, log, pause }) => {
  log('kill -9 postgres');
  await line.cluster.stopPostgres({ signal: 'SIGKILL' });
  counts.kills += 1;
  counts.effectCrashes += effectsUnderWay;
  await pause(random.whole(500, 6_000));
  await line.cluster.startPostgres();
  await pause(2_000);
};

/** SIGSTOP of Postgres' postmaster and of its backends, which are processes of their own. */
export const pausePostgres: Fault = async (context) => {
  context.counts.effectCrashes += effectsUnderWay;
  const postmaster = context.line.cluster.processOf('postgres');
  const backends = postmaster === undefined ? [] : childrenOf(postmaster.pid).map((pid) => processRef(pid));
  const signalAll = (what: 'SIGSTOP' | 'SIGCONT'): void => {
    for (const ref of backends) if (ref !== undefined) signalProcess(ref, what);
  };
  signalAll('SIGSTOP');
  try {
    await pauseNode(context, 'postgres', PAUSE_MS);
  } finally {
    signalAll('SIGCONT');
  }
};

/** A disk with no byte left under Postgres. */
export const fullDisk: Fault = async ({ line, disk, counts, log, pause }) => {
  const { cluster } = line;
  log(`full disk for postgres (${disk.kind})`);
  counts.effectCrashes += effectsUnderWay;
  await disk.fill(cluster.databaseUrl);
  await pause(6_000);
  await disk.free(cluster.databaseUrl);
  if (cluster.processOf('postgres') === undefined) {
    log('postgres had given up on the full disk; it starts again');
    await cluster.startPostgres();
  }
  await pause(1_500);
};

/** Dropped, delayed and late EndTxn: the end of a transaction that nobody knows. */
export const endTxn: Fault = async ({ line, random, log, pause }) => {
  const fault = random.pick<EndTxnFault>([
    { kind: 'drop-answer' },
    { kind: 'drop-answer' },
    { kind: 'delay-answer', ms: random.whole(2_000, 12_000) },
    { kind: 'delay-request', ms: random.whole(REQUEST_TIMEOUT_MS + 500, REQUEST_TIMEOUT_MS + 4_000) },
  ]);
  const before = line.proxies.reduce((sum, proxy) => sum + proxy.faulted(), 0);
  log(`EndTxn: ${fault.kind}`);
  for (const proxy of line.proxies) proxy.setFault(fault, random.whole(3, 6));
  await pause(REQUEST_TIMEOUT_MS + 4_000);
  for (const proxy of line.proxies) proxy.setFault({ kind: 'none' }, 0);
  const after = line.proxies.reduce((sum, proxy) => sum + proxy.faulted(), 0);
  log(`EndTxn: ${after - before} met it`);
};

/** No way from the services to one broker. */
export const cutNetwork: Fault = async ({ line, random, log, pause }) => {
  const proxy = random.pick(line.proxies);
  log(`network to the broker behind ${proxy.port} cut`);
  proxy.cut();
  try {
    await pause(random.whole(2_000, PAUSE_MS));
  } finally {
    proxy.restore();
  }
  await pause(1_000);
};

/** Outside systems that time out, drop answers, fail, and limit rates; targets of reruns that are away. */
export const outside: Fault = async ({ standIns, target, random, log, pause }) => {
  const names = ['linear', 'slack', 'webhook', 'smtp', 'pagerduty', 'codegen'] as const;
  const modes = ['drop-answer', 'bad-gateway', 'server-error', 'rate-limit', 'time-out'] as const;
  for (const name of names) {
    // a mail server that takes a mail does not refuse it: what it says is what it did
    const mode = random.pick(name === 'smtp' ? modes.filter((each) => each !== 'bad-gateway') : modes);
    log(`${name}: ${mode}`);
    standIns.byName[name].journal.setFault({ mode, times: random.whole(1, 3), retryAfterS: 1 });
  }
  target.outage(random.whole(1_000, 3_000));
  await pause(6_000);
};

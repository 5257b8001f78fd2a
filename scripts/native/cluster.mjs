import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { resolveArtifacts } from './artifacts.mjs';
import { clusterIdentity, startBroker } from './broker.mjs';
import { Failure } from './failure.mjs';
import { claimPorts, defaultPortBase } from './ports.mjs';
import { startPostgres } from './postgres.mjs';
import { endProcess } from './process-ref.mjs';
import { confluentPath, startRegistry } from './registry.mjs';

/** In which order nodes are stopped, by the beginning of their names. */
const stopOrder = ['registry', 'broker', 'postgres'];

/** How a node is asked to end, and how long it may take before it is killed. */
const stopManners = /** @type {const} */ ({
  registry: { signal: 'SIGTERM', timeoutMs: 8_000 },
  // A node that has lost its quorum (its peers stopped first) waits minutes for a controller.
  broker: { signal: 'SIGTERM', timeoutMs: 12_000 },
  // "Fast": ends sessions, writes a checkpoint.
  postgres: { signal: 'SIGINT', timeoutMs: 15_000 },
});

/**
 * Starts brokers, registry and Postgres side by side and waits until each is ready; when one does
 * not come up, the others are ended again. See index.d.mts for the contract.
 *
 * @param {import('./index.d.mts').ClusterOptions} options
 * @returns {Promise<import('./index.d.mts').Cluster>}
 */
export async function startCluster(options) {
  const log = options.log ?? (() => {});
  const brokerCount = options.brokers ?? 1;
  if (brokerCount !== 0 && brokerCount !== 1 && brokerCount !== 3)
    throw new Failure(`brokers must be 0, 1 or 3, not ${String(brokerCount)}`, { code: 'usage' });
  const dataDir = path.resolve(options.dataDir);
  const logDir = path.join(dataDir, 'logs');
  const tether = options.tether ?? false;
  const timeoutMs = options.readyTimeoutMs ?? 120_000;
  await mkdir(logDir, { recursive: true });
  await endLeftovers(dataDir, log);

  const claim =
    options.claim ??
    (await claimPorts({
      base: options.portBase ?? defaultPortBase,
      exact: options.portBase !== undefined && options.exactPorts !== false,
    }));
  const { ports } = claim;
  const nodes = Array.from({ length: brokerCount }, (_, index) => {
    const id = /** @type {1 | 2 | 3} */ (index + 1);
    return { id, port: ports[`broker${id}`], controllerPort: ports[`controller${id}`] };
  });
  const bootstrap = options.bootstrap ?? nodes.map((node) => `127.0.0.1:${node.port}`).join(',');
  const wantsRegistry = options.registry ?? true;
  const wantsPostgres = options.postgres ?? true;

  /** @type {Map<string, import('./spawn-logged.mjs').LoggedProcess>} */
  const running = new Map();
  let recording = Promise.resolve();
  const record = () => {
    recording = recording.then(() => writeRecord(dataDir, running));
    return recording;
  };

  const signalOption = options.signal === undefined ? {} : { signal: options.signal };
  const needsJava = brokerCount > 0 || wantsRegistry;
  const artifacts = needsJava
    ? resolveArtifacts({
        log,
        ...signalOption,
        ...(options.cacheDir === undefined ? {} : { cache: options.cacheDir }),
      })
    : undefined;
  artifacts?.catch(() => {}); // each node that needs them reports it
  /** @type {Promise<import('./broker.mjs').KafkaPlan> | undefined} */
  let kafkaPlan;
  const planKafka = () => {
    kafkaPlan ??= (async () => ({
      dir: path.join(dataDir, 'kafka'),
      logDir,
      clusterId: await clusterIdentity(path.join(dataDir, 'kafka'), brokerCount),
      nodes,
      heapMb: options.brokerHeapMb ?? (brokerCount === 3 ? 384 : 512),
      settings: options.brokerSettings ?? {},
      artifacts: /** @type {import('./artifacts.mjs').Artifacts} */ (await artifacts),
      tether,
      timeoutMs,
      ...signalOption,
    }))();
    return kafkaPlan;
  };
  let databaseUrl = options.databaseUrl;
  /** Set when another node has failed: what comes up after that is ended at once. */
  let closing = false;

  /**
   * @template {{ ready: Promise<void> } & import('./spawn-logged.mjs').LoggedProcess} N
   * @param {string} name
   * @param {() => Promise<N>} start
   */
  const bringUp = async (name, start) => {
    if (running.has(name)) throw new Failure(`${name} already runs`, { code: 'usage' });
    const began = performance.now();
    const node = await start();
    running.set(name, node);
    node.ready.catch(() => {}); // awaited below, but perhaps only after the record is written
    if (closing) await takeDown(name, 'SIGKILL');
    void node.exit.then(() => {
      if (running.get(name) === node) {
        running.delete(name);
        void record();
      }
    });
    await record();
    await node.ready;
    log(`${name} is ready (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return node;
  };

  const takeDown = async (/** @type {string} */ name, /** @type {NodeJS.Signals | undefined} */ signal) => {
    const node = running.get(name);
    if (node === undefined) return;
    const manner = stopManners[/** @type {keyof typeof stopManners} */ (name.replace(/-\d+$/, ''))];
    await endProcess(node.ref, { ...manner, ...(signal === undefined ? {} : { signal }) });
    await node.exit;
    running.delete(name);
    await record();
  };

  const bringUpBroker = async (/** @type {number} */ id) => {
    const plan = await planKafka();
    await bringUp(`broker-${id}`, () => startBroker(plan, id));
  };
  const bringUpRegistry = async () => {
    const resolved = /** @type {import('./artifacts.mjs').Artifacts} */ (await artifacts);
    await bringUp('registry', () =>
      startRegistry({
        port: ports.registry,
        bootstrap,
        logDir,
        heapMb: options.registryHeapMb ?? 384,
        timeoutMs,
        tether,
        artifacts: resolved,
      }),
    );
  };
  const bringUpPostgres = async () => {
    await options.beforePostgres;
    const server = await bringUp('postgres', () =>
      startPostgres({
        dir: path.join(dataDir, 'postgres'),
        logDir,
        port: ports.postgres,
        database: options.database ?? 'faultline',
        settings: options.postgresSettings ?? {},
        tether,
        timeoutMs,
        ...signalOption,
      }),
    );
    databaseUrl = server.url;
  };

  const stopAll = async (/** @type {{ discard?: boolean }} */ { discard = false } = {}) => {
    for (const kind of stopOrder) {
      const names = [...running.keys()].filter((name) => name.startsWith(kind));
      await Promise.all(names.map((name) => takeDown(name, discard ? 'SIGKILL' : undefined)));
    }
    await recording;
    claim.release();
    if (discard) await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    else await rm(recordFile(dataDir), { force: true });
  };

  const starts = [
    ...nodes.map((node) => bringUpBroker(node.id)),
    ...(wantsRegistry ? [bringUpRegistry()] : []),
    ...(wantsPostgres && databaseUrl === undefined ? [bringUpPostgres()] : []),
  ];
  try {
    await Promise.race([Promise.all(starts), aborted(options.signal)]);
  } catch (error) {
    closing = true;
    await stopAll();
    await Promise.allSettled(starts);
    throw error;
  }

  const pidOf = (/** @type {string} */ name) => running.get(name)?.pid;
  return {
    dataDir,
    logDir,
    ports,
    portBase: claim.base,
    bootstrap,
    get brokers() {
      return nodes.map(({ id, port }) => ({
        id,
        port,
        pid: pidOf(`broker-${id}`),
        address: `127.0.0.1:${port}`,
      }));
    },
    registryUrl:
      options.registryUrl ?? (wantsRegistry ? `http://127.0.0.1:${ports.registry}${confluentPath}` : ''),
    get databaseUrl() {
      return databaseUrl ?? '';
    },
    get processes() {
      return [...running].map(([name, node]) => ({ name, ...node.ref, logFile: node.logFile }));
    },
    get pids() {
      return [...running.values()].map((node) => node.pid);
    },
    processOf: (name) => running.get(name)?.ref,
    onExit: (name, listener) => {
      void running.get(name)?.exit.then(listener);
    },
    startBroker: bringUpBroker,
    stopBroker: (id, { signal } = {}) => takeDown(`broker-${id}`, signal),
    startRegistry: bringUpRegistry,
    stopRegistry: ({ signal } = {}) => takeDown('registry', signal),
    startPostgres: bringUpPostgres,
    stopPostgres: ({ signal } = {}) => takeDown('postgres', signal),
    stop: stopAll,
  };
}

/**
 * Rejects when the signal is given, else never settles.
 *
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<never>}
 */
function aborted(signal) {
  return new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** @param {string} dataDir */
function recordFile(dataDir) {
  return path.join(dataDir, 'cluster.json');
}

/** @param {string} dataDir @param {Map<string, import('./spawn-logged.mjs').LoggedProcess>} running */
async function writeRecord(dataDir, running) {
  const file = recordFile(dataDir);
  const text = JSON.stringify({
    v: 1,
    processes: [...running].map(([name, node]) => ({ name, ...node.ref })),
  });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/**
 * The processes of an earlier run in this folder that are still there.
 *
 * @param {string} dataDir
 * @returns {{ name: string, pid: number, startedAt: string }[]}
 */
export function recordedProcesses(dataDir) {
  try {
    return JSON.parse(readFileSync(recordFile(dataDir), 'utf8')).processes;
  } catch {
    return [];
  }
}

/**
 * Ends, in order, whatever an earlier run in this folder left behind.
 *
 * @param {string} dataDir
 * @param {(line: string) => void} [log]
 */
export async function endLeftovers(dataDir, log = () => {}) {
  const recorded = recordedProcesses(dataDir);
  for (const kind of stopOrder) {
    await Promise.all(
      recorded
        .filter(({ name }) => name.startsWith(kind))
        .map(async (ref) => {
          const manner = stopManners[/** @type {keyof typeof stopManners} */ (kind)];
          const outcome = await endProcess(ref, manner);
          if (outcome !== 'gone') log(`ended ${ref.name} (pid ${ref.pid}), left over from an earlier run`);
        }),
    );
  }
  await rm(recordFile(dataDir), { force: true });
}

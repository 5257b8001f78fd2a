import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { endLeftovers, startCluster } from '../native/cluster.mjs';
import { Failure } from '../native/failure.mjs';
import { javaVersion } from '../native/java.mjs';
import { claimPorts, defaultPortBase } from '../native/ports.mjs';
import { endProcess } from '../native/process-ref.mjs';
import { externalLine } from './external.mjs';
import { ensureBuilt, ensureInstalled } from './install.mjs';
import { provision } from './provision.mjs';
import { lineServices, provisionScript, replayService, serviceEnvironment } from './services.mjs';
import { readState, removeState, writeState } from './state.mjs';
import { createSupervisor } from './supervise.mjs';

/**
 * Brings the whole line up without containers: packages, build, broker, registry and Postgres side
 * by side, then what must be in them, then the services, then the replay. When any of it fails,
 * all of it is ended again. The caller holds the lock of the folder.
 *
 * @param {{
 *   dataDir: string, portBase?: number, replayRate: number | null, all: boolean,
 *   log: (line: string) => void, signal: AbortSignal, parts?: Partial<LineParts>,
 * }} options
 */
export async function startNativeLine(options) {
  const { dataDir, log, signal } = options;
  const logDir = path.join(dataDir, 'logs');
  const parts = { ...defaultParts(options), ...options.parts };
  const external = externalLine();
  if (external !== undefined && external.registry === null) {
    throw new Failure('FAULTLINE_BROKERS is set, but FAULTLINE_REGISTRY_URL is not', {
      code: 'usage',
      remedy: 'set both, or neither',
    });
  }
  if (external === undefined) await requireJava();
  await endEarlierRun(dataDir, log);

  const claim = await claimBlock(options);
  const { ports } = claim;
  const origin = (/** @type {number} */ port) => `http://127.0.0.1:${port}`;
  /** @type {import('./state.mjs').LineState} */
  const state = {
    v: 1,
    mode: external === undefined ? 'native' : 'external',
    phase: 'starting',
    startedAt: new Date().toISOString(),
    supervisor: /** @type {any} */ (parts.self),
    portBase: claim.base,
    brokers: external?.brokers ?? [`127.0.0.1:${ports.broker1}`],
    registry: external?.registry ?? null,
    database: null,
    api: origin(ports.analytics),
    gateway: origin(options.all ? ports.analytics : ports.gateway),
    logDir,
    replayRate: options.replayRate,
    processes: [],
  };

  /** @type {import('../native/index.d.mts').Cluster | undefined} */
  let cluster;
  const supervisor = createSupervisor({ logDir, log, onChange: () => void save() });
  let saving = Promise.resolve();
  const save = () => {
    state.processes = [
      ...(cluster?.processes ?? []).map((node) => ({
        ...node,
        kind: /** @type {const} */ ('node'),
        url: null,
      })),
      ...supervisor.processes().map((each) => ({
        ...each,
        kind: each.name === 'replay' ? /** @type {const} */ ('replay') : /** @type {const} */ ('service'),
      })),
    ];
    const snapshot = structuredClone(state);
    saving = saving.then(() => writeState(dataDir, snapshot));
    return saving;
  };

  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    state.phase = 'stopping';
    await save();
    log('stopping the replay');
    await supervisor.stop((name) => name === 'replay');
    log('stopping the services');
    await supervisor.stop();
    log('stopping registry, broker and Postgres');
    await cluster?.stop();
    claim.release();
    await saving;
    await removeState(dataDir);
    log('stopped, nothing is left running');
  };

  const kill = async () => {
    await supervisor.stop(() => true, { signal: 'SIGKILL' });
    await Promise.all((cluster?.processes ?? []).map((ref) => endProcess(ref, { signal: 'SIGKILL' })));
    await removeState(dataDir);
  };

  try {
    await save();
    const installed = parts.install();
    const built = installed.then(() => parts.build());
    built.catch(() => {}); // awaited below, behind the cluster
    const databaseUrl = process.env.DATABASE_URL;
    cluster = await startCluster({
      dataDir,
      claim,
      beforePostgres: installed,
      log,
      signal,
      ...(external === undefined
        ? {}
        : {
            brokers: 0,
            bootstrap: external.brokers.join(','),
            registry: false,
            registryUrl: external.registry ?? '',
          }),
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
    });
    state.registry = cluster.registryUrl;
    state.database = cluster.databaseUrl;
    await save();
    await built;
    signal.throwIfAborted();

    const line = {
      brokers: state.brokers,
      registry: cluster.registryUrl,
      database: cluster.databaseUrl,
      api: state.api ?? '',
      gateway: state.gateway ?? '',
    };
    log('creating topics, registering schemas, migrating');
    const began = performance.now();
    await provision({ script: parts.provisionScript, env: serviceEnvironment(line), logDir, signal });
    log(`provisioned (${((performance.now() - began) / 1000).toFixed(1)} s)`);

    log(`starting ${parts.services.map(({ name }) => name).join(', ')}`);
    for (const service of parts.services) {
      const port = service.port === null ? null : ports[service.port];
      supervisor.start({
        ...service,
        url: port === null ? null : origin(port),
        env: serviceEnvironment(line, { name: service.name, port }),
      });
    }
    await Promise.all(parts.services.map(({ name }) => supervisor.ready(name, { signal })));
    if (parts.replay !== null)
      supervisor.start({
        ...parts.replay,
        url: null,
        env: serviceEnvironment(line, { name: 'replay', port: null }),
      });
    state.phase = 'ready';
    await save();
    for (const { name } of cluster.processes) watchNode(cluster, name, log, () => stopped);
  } catch (error) {
    if (!signal.aborted) log('the start failed; ending what it had begun');
    await stop();
    throw error;
  }
  return { state, stop, kill, supervisor };
}

/**
 * @typedef {object} LineParts
 * @property {() => Promise<void>} install
 * @property {() => Promise<void>} build
 * @property {string} provisionScript
 * @property {readonly import('./services.mjs').ServiceSpec[]} services
 * @property {import('./services.mjs').ServiceSpec | null} replay
 * @property {import('../native/process-ref.mjs').ProcessRef} [self]
 */

/** @param {{ all: boolean, replayRate: number | null, dataDir: string, log: (line: string) => void, signal: AbortSignal }} options */
function defaultParts({ all, replayRate, dataDir, log, signal }) {
  const logDir = path.join(dataDir, 'logs');
  return {
    install: () => ensureInstalled({ logDir, log, signal }),
    build: () => ensureBuilt({ logDir, log, signal }),
    provisionScript,
    services: lineServices(all),
    replay: replayRate === null ? null : replayService(replayRate),
    self: undefined,
  };
}

async function requireJava() {
  const version = await javaVersion();
  if (version === undefined || version < 17) {
    throw new Failure(version === undefined ? 'java is not on the PATH' : `Java ${version} is too old`, {
      remedy:
        'install Java 17 or later (Debian: apt install openjdk-17-jre-headless), set JAVA_HOME, or start a Docker engine',
    });
  }
}

/**
 * The block of the last start again, so that addresses stay the same; the next free one when
 * another holds it. A block that was asked for is taken or refused.
 *
 * @param {{ dataDir: string, portBase?: number }} options
 */
async function claimBlock({ dataDir, portBase }) {
  const file = path.join(dataDir, 'port-base');
  const last = Number(await readFile(file, 'utf8').catch(() => ''));
  const claim = await claimPorts(
    portBase === undefined
      ? { base: Number.isInteger(last) && last >= 1024 ? last : defaultPortBase }
      : { base: portBase, exact: true },
  );
  await writeFile(file, String(claim.base));
  return claim;
}

/**
 * Ends what a killed run left: services first, then its nodes.
 *
 * @param {string} dataDir
 * @param {(line: string) => void} log
 */
export async function endEarlierRun(dataDir, log) {
  const state = await readState(dataDir);
  const others = (state?.processes ?? []).filter(({ kind }) => kind !== 'node');
  await Promise.all(
    others.map(async (ref) => {
      if ((await endProcess(ref, { timeoutMs: 10_000 })) !== 'gone')
        log(`ended ${ref.name} (pid ${ref.pid}), left over from an earlier run`);
    }),
  );
  await endLeftovers(dataDir, log);
  await removeState(dataDir);
}

/**
 * A node that dies is started again on its data.
 *
 * @param {import('../native/index.d.mts').Cluster} cluster
 * @param {string} name
 * @param {(line: string) => void} log
 * @param {() => boolean} stopped
 */
function watchNode(cluster, name, log, stopped) {
  const starters = { registry: () => cluster.startRegistry(), postgres: () => cluster.startPostgres() };
  const restart = async () => {
    for (let failures = 0; !stopped(); failures += 1) {
      log(`${name} ended; starting it again`);
      try {
        await (name.startsWith('broker')
          ? cluster.startBroker(Number(name.slice(-1)))
          : starters[/** @type {'registry' | 'postgres'} */ (name)]());
        watchNode(cluster, name, log, stopped);
        return;
      } catch (error) {
        log(error instanceof Error ? error.message : String(error));
        await new Promise((resolve) => setTimeout(resolve, Math.min(1_000 * 2 ** failures, 30_000)));
      }
    }
  };
  cluster.onExit(name, () => void restart());
}

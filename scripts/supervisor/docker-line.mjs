import { claimPorts, defaultPortBase } from '../native/ports.mjs';
import { compose, composeEnvironment, composeTargets } from './docker.mjs';
import { removeState, writeState } from './state.mjs';

/**
 * Brings the line up with docker-compose.yml and waits until every container is healthy.
 *
 * @param {{
 *   dataDir: string, portBase?: number, replayRate: number | null, all: boolean,
 *   log: (line: string) => void, signal: AbortSignal, self: import('../native/process-ref.mjs').ProcessRef,
 * }} options
 */
export async function startDockerLine({ dataDir, portBase, replayRate, all, log, signal, self }) {
  const project = 'faultline';
  // Containers of an earlier run hold these very ports; they are the ones that are reused.
  const base = portBase ?? defaultPortBase;
  await compose(project, ['stop'], { env: { COMPOSE_PROFILES: '*' } }).catch(() => {});
  const claim = await claimPorts({ base, exact: portBase !== undefined });
  const { ports } = claim;
  const env = composeEnvironment({ ports, replayRate, all });
  /** @type {import('./state.mjs').LineState} */
  const state = {
    v: 1,
    mode: 'docker',
    phase: 'starting',
    startedAt: new Date().toISOString(),
    supervisor: self,
    portBase: claim.base,
    brokers: [`127.0.0.1:${ports.broker1}`],
    registry: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7`,
    database: `postgres://faultline:${process.env.POSTGRES_PASSWORD ?? 'faultline'}@127.0.0.1:${ports.postgres}/faultline`,
    api: `http://127.0.0.1:${ports.analytics}`,
    gateway: `http://127.0.0.1:${all ? ports.analytics : ports.gateway}`,
    logDir: `docker compose -p ${project} logs`,
    replayRate,
    processes: [],
    composeProject: project,
  };
  const stop = async () => {
    state.phase = 'stopping';
    await writeState(dataDir, state);
    await stopComposeLine(project, log);
    claim.release();
    await removeState(dataDir);
    log('stopped, nothing is left running');
  };
  try {
    await writeState(dataDir, state);
    log('docker compose up (the first time builds the image)');
    await compose(
      project,
      ['up', '--detach', '--build', '--wait', '--remove-orphans', ...composeTargets({ replayRate, all })],
      { env, signal },
    );
    state.phase = 'ready';
    await writeState(dataDir, state);
  } catch (error) {
    await stop();
    throw error;
  }
  return { state, stop, kill: stop };
}

/**
 * In order: replay, services with time to drain, then what they stand on. Volumes stay.
 *
 * @param {string} project
 * @param {(line: string) => void} log
 */
export async function stopComposeLine(project, log) {
  const env = { COMPOSE_PROFILES: '*' };
  log('stopping the replay and the services');
  await compose(project, ['stop', '--timeout', '5', 'replay'], { env });
  await compose(
    project,
    [
      'stop',
      '--timeout',
      '25',
      'gateway',
      'classifier',
      'retrier',
      'fixer',
      'escalator',
      'analytics',
      'system',
    ],
    { env },
  );
  log('stopping registry, broker and Postgres');
  await compose(project, ['down', '--timeout', '20', '--remove-orphans'], { env });
}

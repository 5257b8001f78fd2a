import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../native/failure.mjs';
import { repositoryRoot } from '../native/paths.mjs';

const run = promisify(execFile);
const composeFile = path.join(repositoryRoot, 'docker-compose.yml');

/**
 * Whether an engine answers and has the compose plugin; `why` says what is missing.
 *
 * @returns {Promise<{ usable: boolean, found: string }>}
 */
export async function dockerEngine() {
  let engine;
  try {
    // `docker info` ends well on some versions without an engine: ask for the server's own version.
    const { stdout } = await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 });
    engine = stdout.trim();
  } catch (error) {
    const missing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
    return { usable: false, found: missing ? 'no docker command' : 'no engine answers' };
  }
  if (engine === '' || engine === '<nil>') return { usable: false, found: 'no engine answers' };
  try {
    const { stdout } = await run('docker', ['compose', 'version', '--short'], { timeout: 10_000 });
    return { usable: true, found: `engine ${engine}, compose ${stdout.trim()}` };
  } catch {
    return { usable: false, found: `engine ${engine}, without the compose plugin` };
  }
}

/**
 * The environment that docker-compose.yml reads: its published ports and the rate of the replay.
 *
 * @param {{ ports: Record<string, number>, replayRate: number | null, all: boolean }} options
 */
export function composeEnvironment({ ports, replayRate, all }) {
  return {
    COMPOSE_PROFILES: [
      ...(all ? ['all'] : []),
      ...(replayRate === null ? [] : ['demo']),
      'observability',
    ].join(','),
    FAULTLINE_PORT_API: String(ports.analytics),
    FAULTLINE_PORT_GATEWAY: String(ports.gateway),
    FAULTLINE_PORT_REGISTRY: String(ports.registry),
    FAULTLINE_PORT_POSTGRES: String(ports.postgres),
    FAULTLINE_PORT_BROKER: String(ports.broker1),
    FAULTLINE_PORT_PROMETHEUS: String(ports.prometheus),
    FAULTLINE_PORT_GRAFANA: String(ports.grafana),
    FAULTLINE_REPLAY_RATE: String(replayRate ?? 1),
  };
}

/**
 * What `docker compose up` is told to start: everything that the profiles let in, or, for one
 * process, that service by name (what it depends on comes with it).
 *
 * @param {{ replayRate: number | null, all: boolean }} options
 */
export function composeTargets({ replayRate, all }) {
  return all ? ['system', ...(replayRate === null ? [] : ['replay']), 'prometheus', 'grafana'] : [];
}

/**
 * Runs docker compose with its output on standard error.
 *
 * @param {string} project
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, signal?: AbortSignal }} [options]
 */
export function compose(project, args, { env = {}, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', ['compose', '-p', project, '-f', composeFile, ...args], {
      cwd: repositoryRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 2, 2],
      ...(signal === undefined ? {} : { signal }),
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve(undefined);
      else
        reject(
          new Failure(`docker compose ${args[0]} failed (exit code ${code})`, {
            remedy: `docker compose -p ${project} logs shows why; npm start -- --native does without Docker`,
          }),
        );
    });
  });
}

/**
 * The containers of a project that publish the port of a service, one entry each.
 *
 * @param {string} project
 * @returns {Promise<{ name: string, pid: number | null, url: string | null }[]>}
 */
export async function composeServices(project) {
  const { stdout } = await run(
    'docker',
    ['compose', '-p', project, '-f', composeFile, 'ps', '--format', 'json'],
    { timeout: 20_000, cwd: repositoryRoot },
  );
  const containers = parseComposePs(stdout).filter(({ service }) => lineServiceNames.has(service));
  return Promise.all(
    containers.map(async ({ service, id, port }) => ({
      name: service,
      pid: await containerPid(id),
      url: port === null ? null : `http://127.0.0.1:${port}`,
    })),
  );
}

const lineServiceNames = new Set([
  'classifier',
  'retrier',
  'fixer',
  'escalator',
  'analytics',
  'gateway',
  'system',
]);

/**
 * `docker compose ps --format json`: one object a line since 2.21, one array before.
 *
 * @param {string} text
 * @returns {{ service: string, id: string, port: number | null }[]}
 */
export function parseComposePs(text) {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const rows = trimmed.startsWith('[')
    ? JSON.parse(trimmed)
    : trimmed.split('\n').map((line) => JSON.parse(line));
  return rows.map((/** @type {any} */ row) => ({
    service: row.Service,
    id: row.ID,
    port:
      row.Publishers?.find((/** @type {any} */ each) => each.TargetPort === 8080 && each.PublishedPort > 0)
        ?.PublishedPort ?? null,
  }));
}

/** @param {string} id */
async function containerPid(id) {
  try {
    const { stdout } = await run('docker', ['inspect', '--format', '{{.State.Pid}}', id], {
      timeout: 10_000,
    });
    const pid = Number(stdout.trim());
    return pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

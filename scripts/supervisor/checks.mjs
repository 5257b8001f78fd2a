import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { javaVersion } from '../native/java.mjs';
import { repositoryRoot } from '../native/paths.mjs';
import { blockSize, defaultPortBase, isPortFree, portOwner, portsOf } from '../native/ports.mjs';
import { pgDriver } from '../native/postgres.mjs';
import { probeHttp, probeKafka, probePostgres } from '../native/probe.mjs';
import { dockerEngine } from './docker.mjs';
import { needsInstall } from './install.mjs';

const run = promisify(execFile);

/**
 * What was looked at, whether it serves, what was found, and what to do where it does not.
 *
 * @typedef {{ name: string, ok: boolean, found: string, remedy: string | null }} Check
 */

/** The broker and the registry take 0.9 GB, six services 0.6 GB, Postgres and the build the rest. */
const leastMemoryBytes = 2.5e9;

/** Jars 170 MB, packages 600 MB, and a day of the line's own data. */
const leastDiskBytes = 3e9;

/** MERGE … RETURNING and other statements of the migrations need it. */
const leastPostgresMajor = 15;

/**
 * Everything that a start needs on this machine.
 *
 * @param {{ dataDir: string, portBase?: number, running: boolean, external: boolean }} context
 * @returns {Promise<Check[]>}
 */
export async function machineChecks(context) {
  const docker = await dockerEngine();
  const [java, maven, disk, ports] = await Promise.all([
    checkJava(docker.usable || context.external),
    checkMaven(docker.usable || context.external),
    checkDisk(context.dataDir),
    context.running ? undefined : checkPorts(context.portBase),
  ]);
  return [
    checkNode(process.versions.node),
    checkInstall(),
    java,
    maven,
    checkDocker(docker),
    checkMemory(),
    disk,
    ...(ports === undefined ? [] : [ports]),
  ];
}

/** @param {string} version @returns {Check} */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return check('node', ok, `v${version}`, 'install Node 20.19 or later');
}

/** @returns {Check} */
function checkInstall() {
  if (!existsSync(path.join(repositoryRoot, 'node_modules')))
    return check('npm install', false, 'no node_modules', 'run npm ci (npm start does it too)');
  if (needsInstall())
    return check(
      'npm install',
      false,
      'another package-lock.json is installed',
      'run npm ci (npm start does it too)',
    );
  return check('npm install', true, 'as package-lock.json says', null);
}

/** @param {boolean} optional */
async function checkJava(optional) {
  const version = await javaVersion();
  const ok = (version ?? 0) >= 17 || optional;
  return check(
    'java',
    ok,
    version === undefined ? 'none' : `Java ${version}`,
    'install Java 17 or later (Debian: apt install openjdk-17-jre-headless), or start a Docker engine',
  );
}

/** @param {boolean} optional */
async function checkMaven(optional) {
  const found = await run('mvn', ['-B', '-v'], { timeout: 20_000 }).then(
    ({ stdout }) => /Apache Maven (\S+)/.exec(stdout)?.[1] ?? 'unknown',
    () => undefined,
  );
  return check(
    'maven',
    found !== undefined || optional,
    found === undefined ? 'none' : `Maven ${found}`,
    'install Maven 3.8 or later (Debian: apt install maven), or start a Docker engine',
  );
}

/** Never wrong by itself: the native way does without. @param {{ usable: boolean, found: string }} docker @returns {Check} */
function checkDocker(docker) {
  return check(
    'docker',
    true,
    docker.usable ? docker.found : `${docker.found}; the native way is taken`,
    null,
  );
}

/** @returns {Check} */
function checkMemory() {
  const available = availableMemory();
  return check(
    'memory',
    available >= leastMemoryBytes,
    `${gigabytes(available)} available`,
    `free ${gigabytes(leastMemoryBytes)}, or start with --all (one process for all services)`,
  );
}

function availableMemory() {
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']
    .map(readNumber)
    .filter((limit) => limit !== undefined);
  const used =
    ['/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory/memory.usage_in_bytes']
      .map(readNumber)
      .find((each) => each !== undefined) ?? 0;
  let machine = os.freemem();
  try {
    machine =
      Number(/MemAvailable:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024 || machine;
  } catch {
    // not Linux
  }
  return Math.min(machine, ...limits.map((limit) => limit - used));
}

/** @param {string} file */
function readNumber(file) {
  try {
    const value = Number(readFileSync(file, 'utf8'));
    return Number.isFinite(value) && value < 2 ** 60 ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} dataDir @returns {Promise<Check>} */
async function checkDisk(dataDir) {
  let folder = dataDir;
  while (!existsSync(folder)) folder = path.dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return check(
    'disk',
    free >= leastDiskBytes,
    `${gigabytes(free)} free under ${folder}`,
    `free ${gigabytes(leastDiskBytes)}, or use another folder with --data DIR`,
  );
}

/** @param {number | undefined} portBase @returns {Promise<Check>} */
async function checkPorts(portBase) {
  const base = portBase ?? defaultPortBase;
  const taken = [];
  for (const [name, port] of Object.entries(portsOf(base))) {
    if (!(await isPortFree(port)))
      taken.push(`${port} (${name}${portOwner(port) === undefined ? '' : `, by ${portOwner(port)}`})`);
  }
  const range = `${base} to ${base + blockSize - 1}`;
  // Without --port-base a start goes on to the next block by itself.
  return check(
    'ports',
    taken.length === 0 || portBase === undefined,
    taken.length === 0
      ? `${range} are free`
      : `taken: ${taken.join(', ')}${portBase === undefined ? '; the next free block is used' : ''}`,
    'stop what holds them, or name another block with --port-base N',
  );
}

/**
 * Broker, registry and database of a line that runs, or that the environment names.
 *
 * @param {{ brokers: readonly string[], registry: string | null, database: string | null }} line
 * @returns {Promise<Check[]>}
 */
export async function lineChecks(line) {
  return Promise.all([
    ...line.brokers.map(checkBroker),
    ...(line.registry === null ? [] : [checkRegistry(line.registry)]),
    ...(line.database === null ? [] : [checkDatabase(line.database)]),
  ]);
}

/** @param {string} address @returns {Promise<Check>} */
async function checkBroker(address) {
  const [host = '', port = '9092'] = address.split(':');
  try {
    const { brokers } = await probeKafka(host, Number(port), 5_000);
    return check(
      'broker',
      brokers.length > 0,
      `${address} answers, ${brokers.length} broker(s) in the cluster`,
      'wait for it to join its cluster, and look at its log',
    );
  } catch (error) {
    return check(
      'broker',
      false,
      `${address}: ${messageOf(error)}`,
      'start it, or correct FAULTLINE_BROKERS; it must speak plain text on that port',
    );
  }
}

/** Modes under which delayed records and rolling upgrades stay readable. */
const compatibleModes = new Set(['FULL_TRANSITIVE']);

/**
 * That it speaks the Confluent API, and that each subject of the line keeps full compatibility.
 *
 * @param {string} url
 * @returns {Promise<Check>}
 */
export async function checkRegistry(url) {
  let subjects;
  try {
    subjects = JSON.parse(await probeHttp(`${url}/subjects`, 5_000));
    if (!Array.isArray(subjects)) throw new SyntaxError('not a list');
  } catch (error) {
    const reachable = error instanceof SyntaxError || /answered \d/.test(messageOf(error));
    return reachable
      ? check(
          'registry',
          false,
          `${url} answers, but not with the Confluent API`,
          'FAULTLINE_REGISTRY_URL is the base of that API: http://HOST:PORT for Confluent, http://HOST:PORT/apis/ccompat/v7 for Apicurio',
        )
      : check(
          'registry',
          false,
          `${url}: ${messageOf(error)}`,
          'start it, or correct FAULTLINE_REGISTRY_URL',
        );
  }
  const own = subjects.filter((subject) => typeof subject === 'string' && subject.startsWith('errors.'));
  const wrong = (await Promise.all(own.map((subject) => subjectMode(url, subject)))).filter(
    ({ mode }) => !compatibleModes.has(mode),
  );
  if (wrong.length > 0) {
    return check(
      'registry',
      false,
      wrong.map(({ subject, mode }) => `${subject} has mode ${mode}`).join(', '),
      `set FULL_TRANSITIVE: curl -X PUT ${url}/config/SUBJECT -H 'content-type: application/json' -d '{"compatibility":"FULL_TRANSITIVE"}'; npm start provisions it`,
    );
  }
  return check('registry', true, `${url}, ${own.length} subject(s) of the line`, null);
}

/** @param {string} url @param {string} subject */
async function subjectMode(url, subject) {
  const response = await fetch(`${url}/config/${encodeURIComponent(subject)}`, {
    signal: AbortSignal.timeout(5_000),
  });
  // 404: no rule of its own, the global one holds.
  const body =
    response.status === 404 ? JSON.parse(await probeHttp(`${url}/config`, 5_000)) : await response.json();
  return { subject, mode: String(body.compatibilityLevel ?? body.compatibility ?? 'NONE') };
}

/** @param {string} database @returns {Promise<Check>} */
async function checkDatabase(database) {
  let address;
  try {
    address = new URL(database);
  } catch {
    return check(
      'database',
      false,
      'DATABASE_URL is not a URL',
      'write it as postgres://USER:PASSWORD@HOST:PORT/DATABASE',
    );
  }
  const place = `${address.hostname}:${address.port || 5432}`;
  try {
    await probePostgres(address.hostname, Number(address.port || 5432), 5_000);
  } catch (error) {
    return check(
      'database',
      false,
      `${place}: ${messageOf(error)}`,
      'start Postgres there, or correct DATABASE_URL',
    );
  }
  let Client;
  try {
    ({ Client } = pgDriver());
  } catch {
    return check('database', true, `${place} answers (its version is seen once npm has installed)`, null);
  }
  const client = new Client({ connectionString: database, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const version = String((await client.query('SHOW server_version')).rows[0].server_version);
    const ok = Number.parseInt(version, 10) >= leastPostgresMajor;
    return check(
      'database',
      ok,
      `Postgres ${version} at ${place}`,
      `use Postgres ${leastPostgresMajor} or later`,
    );
  } catch (error) {
    return check(
      'database',
      false,
      `${place}: ${messageOf(error)}`,
      'correct user, password and database in DATABASE_URL; the database must exist',
    );
  } finally {
    await client.end().catch(() => {});
  }
}

/** @param {string} name @param {boolean} ok @param {string} found @param {string | null} remedy @returns {Check} */
function check(name, ok, found, remedy) {
  return { name, ok, found, remedy: ok ? null : remedy };
}

/** @param {number} bytes */
function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** @param {unknown} error */
function messageOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? `${error.message} (${error.cause.message})`
    : error.message || error.name;
}

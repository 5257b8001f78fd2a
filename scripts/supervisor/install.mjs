import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../native/failure.mjs';
import { repositoryRoot } from '../native/paths.mjs';

const installStamp = path.join(repositoryRoot, 'node_modules', '.faultline-install.json');
const buildStamp = path.join(repositoryRoot, 'node_modules', '.cache', 'faultline', 'build.json');

/**
 * Installs what package-lock.json names, unless that very lock is installed already, for this
 * major version of Node.
 *
 * @param {{ logDir: string, log: (line: string) => void, signal?: AbortSignal }} options
 */
export async function ensureInstalled({ logDir, log, signal }) {
  const wanted = installKey();
  if (readText(installStamp) === wanted) return;
  if (installedByHand()) {
    // A killed npm may have left out what runs after the packages are laid down.
    await npm(['run', '--silent', '--if-present', 'postinstall'], {
      name: 'npm-ci',
      logDir,
      signal,
      remedy: 'run npm ci by hand',
    });
  } else {
    log('installing packages (npm ci)');
    await npm(['ci', '--no-audit', '--no-fund'], {
      name: 'npm-ci',
      logDir,
      signal,
      remedy: 'run npm ci by hand; behind a proxy set npm config https-proxy',
    });
  }
  await writeFile(installStamp, wanted);
}

/** Whether packages are missing or of another lock. */
export function needsInstall() {
  return readText(installStamp) !== installKey() && !installedByHand();
}

/**
 * Compiles the workspaces when a source is newer than the last build.
 *
 * @param {{ logDir: string, log: (line: string) => void, signal?: AbortSignal }} options
 */
export async function ensureBuilt({ logDir, log, signal }) {
  const wanted = sourceKey();
  if (readText(buildStamp) === wanted && isBuilt()) return;
  log('building');
  // without checking types, which npm run verify does: half the time until the line runs
  await Promise.all([
    npm(['run', '--silent', 'build:line'], {
      name: 'build',
      logDir,
      signal,
      remedy: 'npm run types shows the same in full',
    }),
    npm(['run', '--silent', 'page'], { name: 'page', logDir, signal, remedy: 'run npm run page by hand' }),
  ]);
  await mkdir(path.dirname(buildStamp), { recursive: true });
  await writeFile(buildStamp, wanted);
}

function installKey() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(repositoryRoot, 'package-lock.json')))
    .digest('hex');
  return JSON.stringify({
    v: 1,
    lock,
    node: process.versions.node.split('.')[0],
    platform: `${process.platform}-${process.arch}`,
  });
}

/** npm writes node_modules/.package-lock.json last: one younger than the lock means that somebody ran npm. */
function installedByHand() {
  try {
    const done = statSync(path.join(repositoryRoot, 'node_modules', '.package-lock.json')).mtimeMs;
    return done >= statSync(path.join(repositoryRoot, 'package-lock.json')).mtimeMs;
  } catch {
    return false;
  }
}

/** Every source of the build with its size and time. */
function sourceKey() {
  const hash = createHash('sha256');
  for (const folder of workspaces()) {
    for (const name of ['package.json', 'tsconfig.json']) addFile(hash, path.join(folder, name));
    for (const sources of [path.join(folder, 'src'), path.join(folder, 'page')]) {
      if (!existsSync(sources)) continue;
      const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) =>
        entry.isFile(),
      );
      for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).sort())
        addFile(hash, file);
    }
  }
  for (const name of ['tsconfig.base.json', 'tsconfig.json', 'package.json'])
    addFile(hash, path.join(repositoryRoot, name));
  hash.update(readText(installStamp));
  return hash.digest('hex');
}

/** @param {import('node:crypto').Hash} hash @param {string} file */
function addFile(hash, file) {
  if (!existsSync(file)) return;
  const { size, mtimeMs } = statSync(file);
  hash.update(`${path.relative(repositoryRoot, file)}\0${size}\0${mtimeMs}\n`);
}

function isBuilt() {
  return workspaces().every(
    (folder) =>
      !existsSync(path.join(folder, 'src', 'index.ts')) || existsSync(path.join(folder, 'dist', 'index.js')),
  );
}

function workspaces() {
  const services = path.join(repositoryRoot, 'services');
  return [
    path.join(repositoryRoot, 'schemas'),
    ...readdirSync(services)
      .sort()
      .map((name) => path.join(services, name)),
  ];
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {readonly string[]} args
 * @param {{ name: string, logDir: string, signal?: AbortSignal | undefined, remedy: string }} options
 */
async function npm(args, { name, logDir, signal, remedy }) {
  const viaNode = process.env.npm_execpath?.endsWith('.js') ?? false;
  const command = viaNode ? process.execPath : 'npm';
  const all = viaNode ? [/** @type {string} */ (process.env.npm_execpath), ...args] : [...args];
  await mkdir(logDir, { recursive: true });
  const logFile = path.join(logDir, `${name}.log`);
  const { error, stdout, stderr } = await new Promise((resolve) => {
    const child = execFile(
      command,
      all,
      {
        cwd: repositoryRoot,
        maxBuffer: 64 * 1024 * 1024,
        // npm start --silent would silence the errors of this npm too
        env: { ...process.env, npm_config_loglevel: 'notice' },
        ...(signal === undefined ? {} : { signal }),
      },
      (failure, out, err) => resolve({ error: failure, stdout: out, stderr: err }),
    );
    child.stdin?.end();
  });
  await writeFile(logFile, stdout + stderr);
  if (error === null) return;
  signal?.throwIfAborted();
  throw new Failure(`npm ${args.join(' ')} failed${firstErrors(stderr)}`, { logFile, remedy, cause: error });
}

/** What npm says first: its last lines are about usage. @param {string} stderr */
function firstErrors(stderr) {
  const lines = stderr.split('\n').filter((line) => /^npm error \S/.test(line));
  return lines.length === 0 ? '' : `:\n${lines.slice(0, 4).join('\n')}`;
}

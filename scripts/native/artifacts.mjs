import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Failure } from './failure.mjs';
import { cacheDir, repositoryRoot } from './paths.mjs';
import { freshPartial } from './fresh-partial.mjs';
import { isAlive, processRef } from './process-ref.mjs';

const run = promisify(execFile);
const pomFile = path.join(repositoryRoot, 'infra', 'kafka', 'pom.xml');

/** Downloads of 165 MB over a slow line. */
const resolveTimeoutMs = 15 * 60_000;

/**
 * The jars of the native line. The manifest lists every file with its size; a folder without one,
 * or with a file missing or of another size, is made again.
 *
 * @typedef {{ readonly root: string, readonly kafkaClassPath: string, readonly registryJar: string }} Artifacts
 */

/**
 * Finds the jars in the cache, or resolves infra/kafka/pom.xml with Maven into it. Safe against a
 * kill at any point (built aside, then renamed) and against two that resolve at once (one waits).
 *
 * @param {{ cache?: string, log?: (line: string) => void, signal?: AbortSignal }} [options]
 * @returns {Promise<Artifacts>}
 */
export async function resolveArtifacts(options = {}) {
  const { cache = cacheDir(), log = () => {}, signal } = options;
  const pom = await readFile(pomFile);
  const name = `native-${createHash('sha256').update(pom).digest('hex').slice(0, 12)}`;
  const root = path.join(cache, name);
  if (await isComplete(root)) return describe(root);

  await mkdir(cache, { recursive: true });
  const unlock = await lockCache(path.join(cache, `${name}.lock`), log, signal);
  try {
    if (await isComplete(root)) return describe(root);
    const partial = await freshPartial(cache, `${name}.partial`);
    // Maven writes next to the pom it reads: give it a copy.
    await copyFile(pomFile, path.join(partial, 'pom.xml'));
    log('resolving Apache Kafka and the schema registry from Maven Central (165 MB, once)');
    const logFile = path.join(cache, `${name}.maven.log`);
    try {
      await run(
        'mvn',
        [
          '-B',
          '-ntp',
          '-f',
          path.join(partial, 'pom.xml'),
          'generate-resources',
          `-Dfaultline.out=${partial}`,
        ],
        {
          timeout: resolveTimeoutMs,
          ...(signal === undefined ? {} : { signal }),
          maxBuffer: 64 * 1024 * 1024,
        },
      );
    } catch (error) {
      signal?.throwIfAborted();
      const { code, stdout = '', stderr = '' } = /** @type {any} */ (error);
      if (code === 'ENOENT') {
        throw new Failure('mvn is not on the PATH', {
          remedy: 'install Maven 3.8 or later (Debian: apt install maven), or start a Docker engine',
          cause: error,
        });
      }
      await writeFile(logFile, `${stdout}\n${stderr}`);
      throw new Failure('Maven could not resolve infra/kafka/pom.xml', {
        logFile,
        remedy:
          'check that Maven Central is reachable (a proxy belongs in ~/.m2/settings.xml), then start again',
        cause: error,
      });
    }
    const files = await listFiles(partial);
    if (
      !files.some(([file]) => file.startsWith('kafka/kafka_2.13-')) ||
      registryJarIn(partial) === undefined
    ) {
      throw new Failure('Maven ended well, but the jars are not there', {
        remedy: `remove ${cache} and start again`,
      });
    }
    await writeFile(path.join(partial, 'manifest.json'), JSON.stringify({ v: 1, files }));
    await rm(root, { recursive: true, force: true });
    await rename(partial, root);
    return describe(root);
  } finally {
    await unlock();
  }
}

/** @param {string} root @returns {Artifacts} */
function describe(root) {
  const registryJar = registryJarIn(root);
  if (registryJar === undefined)
    throw new Failure(`no registry jar under ${root}`, { remedy: `remove ${root} and start again` });
  return { root, kafkaClassPath: path.join(root, 'kafka', '*'), registryJar };
}

/** @param {string} root */
function registryJarIn(root) {
  const folder = path.join(root, 'registry');
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => file.endsWith('-runner.jar'));
  return name === undefined ? undefined : path.join(folder, name);
}

/** @param {string} root */
async function isComplete(root) {
  try {
    const manifest = JSON.parse(await readFile(path.join(root, 'manifest.json'), 'utf8'));
    return manifest.files.every(([file, size]) => statSync(path.join(root, file)).size === size);
  } catch {
    return false;
  }
}

/** @param {string} root @returns {Promise<[string, number][]>} */
async function listFiles(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return /** @type {[string, number]} */ ([path.relative(root, file), statSync(file).size]);
    })
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** @param {string} file @param {(line: string) => void} log @param {AbortSignal | undefined} signal */
async function lockCache(file, log, signal) {
  const deadline = performance.now() + resolveTimeoutMs;
  for (let said = false; ;) {
    try {
      await writeFile(file, JSON.stringify(processRef(process.pid)), { flag: 'wx' });
      return () => rm(file, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = await readLock(file);
    if (owner !== 'unreadable' && !isAlive(owner)) await rm(file, { force: true });
    else if (!said) {
      log('waiting for another start that resolves the same jars');
      said = true;
    }
    if (performance.now() > deadline)
      throw new Failure(`the lock ${file} is held`, { remedy: `remove ${file}` });
    signal?.throwIfAborted();
    await sleep(200);
  }
}

/** @param {string} file */
async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Just being written, or just removed; an empty one left by a crash counts as stale after 10 s.
    try {
      return Date.now() - statSync(file).mtimeMs > 10_000 ? undefined : 'unreadable';
    } catch {
      return undefined;
    }
  }
}

import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../native/failure.mjs';
import { isAlive, processRef } from '../native/process-ref.mjs';

/**
 * What runs and where, for every command that is not the one that started it. The file holds the
 * database's password: only its owner may read it.
 *
 * @typedef {object} LineState
 * @property {1} v
 * @property {'native' | 'docker' | 'external'} mode
 * @property {'starting' | 'ready' | 'stopping'} phase
 * @property {string} startedAt
 * @property {import('../native/process-ref.mjs').ProcessRef} supervisor
 * @property {number} portBase
 * @property {string[]} brokers
 * @property {string | null} registry
 * @property {string | null} database
 * @property {string | null} api
 * @property {string | null} gateway
 * @property {string} logDir
 * @property {{ name: string, kind: 'node' | 'service' | 'replay', pid: number, startedAt: string, url: string | null, logFile: string }[]} processes
 * @property {number | null} replayRate errors a second; null without a replay
 * @property {string} [composeProject]
 */

/** @param {string} dataDir */
export function stateFile(dataDir) {
  return path.join(dataDir, 'state.json');
}

/**
 * The state of the line in this folder; undefined when none was started there, or when what is
 * written is not a state.
 *
 * @param {string} dataDir
 * @returns {Promise<LineState | undefined>}
 */
export async function readState(dataDir) {
  try {
    const state = JSON.parse(await readFile(stateFile(dataDir), 'utf8'));
    return state?.v === 1 && Array.isArray(state.processes) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the state as a whole: a reader sees the old one or the new one. @param {string} dataDir @param {LineState} state */
export async function writeState(dataDir, state) {
  await mkdir(dataDir, { recursive: true });
  const file = stateFile(dataDir);
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** @param {string} dataDir */
export async function removeState(dataDir) {
  await rm(stateFile(dataDir), { force: true });
}

/**
 * Makes this process the only one that runs a line in this folder. A lock whose owner is gone (or
 * whose process id another process has by now) is taken over.
 *
 * @param {string} dataDir
 * @returns {Promise<() => Promise<void>>} gives it back
 */
export async function lockDataDir(dataDir) {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'lock');
  const own = `${file}.${process.pid}`;
  await writeFile(own, JSON.stringify(processRef(process.pid)));
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        await link(own, file);
        return () => rm(file, { force: true });
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      const text = await readFile(file, 'utf8').catch(() => '');
      const owner = parseRef(text);
      if (isAlive(owner)) {
        throw new Failure(`a line already runs in ${dataDir} (pid ${owner?.pid})`, {
          remedy: 'npm run status shows it, npm stop stops it; or start another with --data DIR',
        });
      }
      // Set aside under a name of our own; if another start had replaced it meanwhile, put it back.
      const aside = `${own}.stale`;
      await rename(file, aside).catch(() => {});
      if ((await readFile(aside, 'utf8').catch(() => text)) !== text) await link(aside, file).catch(() => {});
      await rm(aside, { force: true });
    }
    throw new Failure(`the lock ${file} cannot be taken`, { remedy: `remove ${file} if no line runs there` });
  } finally {
    await rm(own, { force: true });
  }
}

/** @param {string} text @returns {import('../native/process-ref.mjs').ProcessRef | undefined} */
function parseRef(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

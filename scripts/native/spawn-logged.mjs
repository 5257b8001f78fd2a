import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { processRef } from './process-ref.mjs';

/** A log larger than this at the start of its process is set aside as NAME.1: 16 MiB. */
const rotateAtBytes = 16 * 1024 * 1024;

/**
 * A child in a process group of its own (so that Ctrl-C at the terminal reaches the parent alone,
 * which then stops all in order), its output appended to a file.
 *
 * @typedef {object} LoggedProcess
 * @property {number} pid
 * @property {import('./process-ref.mjs').ProcessRef} ref
 * @property {string} logFile
 * @property {() => boolean} exited
 * @property {Promise<{ code: number | null, signal: NodeJS.Signals | null }>} exit resolves when it has ended
 */

/**
 * @param {{
 *   command: string, args: readonly string[], logFile: string, env?: NodeJS.ProcessEnv, cwd?: string,
 *   uid?: number | undefined, gid?: number | undefined, tether?: boolean,
 * }} options `tether`: the kernel ends it with its parent (Linux, needs setpriv), for tests
 * @returns {Promise<LoggedProcess>}
 */
export async function spawnLogged(options) {
  const { logFile, uid, gid } = options;
  mkdirSync(path.dirname(logFile), { recursive: true });
  rotate(logFile);
  const out = openSync(logFile, 'a');
  const [command, args] = tethered(options);
  try {
    /** @type {import('node:child_process').ChildProcess} */
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ['ignore', out, out],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    let ended = false;
    const exit = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        ended = true;
        resolve({ code, signal });
      });
    });
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const pid = /** @type {number} */ (child.pid);
    return { pid, ref: processRef(pid) ?? { pid, startedAt: 'ended' }, logFile, exited: () => ended, exit };
  } finally {
    closeSync(out);
  }
}

/**
 * @param {{ command: string, args: readonly string[], tether?: boolean }} options
 * @returns {[string, string[]]}
 */
function tethered({ command, args, tether }) {
  if (!tether || process.platform !== 'linux') return [command, [...args]];
  return ['setpriv', ['--pdeathsig', 'KILL', '--', command, ...args]];
}

/** @param {string} file */
function rotate(file) {
  try {
    if (statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
}

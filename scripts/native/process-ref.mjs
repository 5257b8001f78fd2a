import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A process that stays the same process: its id together with when it began, since ids are used
 * again. `startedAt` is opaque (boot and clock ticks on Linux, text of ps elsewhere).
 *
 * @typedef {{ readonly pid: number, readonly startedAt: string }} ProcessRef
 */

let bootId;

function currentBoot() {
  if (bootId === undefined) {
    try {
      bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
    } catch {
      bootId = '';
    }
  }
  return bootId;
}

/**
 * The state letter and start tick of a /proc/PID/stat line. The name in parentheses may itself
 * hold spaces and parentheses, so fields are counted from the last one.
 *
 * @param {string} stat
 */
export function parseStat(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startTick: fields[19] ?? '' };
}

/**
 * When the process began, or undefined when there is none (a zombie counts as none).
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    try {
      const { state, startTick } = parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      return state === 'Z' || state === 'X' || startTick === '' ? undefined : `${currentBoot()}:${startTick}`;
    } catch {
      return undefined;
    }
  }
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @returns {ProcessRef | undefined}
 */
export function processRef(pid) {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/**
 * Whether that very process still runs; false for another one under the same id.
 *
 * @param {ProcessRef | undefined} ref
 */
export function isAlive(ref) {
  return ref !== undefined && startOf(ref.pid) === ref.startedAt;
}

/**
 * Sends a signal to that very process; false when it is gone.
 *
 * @param {ProcessRef} ref
 * @param {NodeJS.Signals} signal
 */
export function signalProcess(ref, signal) {
  if (!isAlive(ref)) return false;
  try {
    process.kill(ref.pid, signal);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Ends a process: the signal, then SIGKILL after `timeoutMs`. A stopped one (SIGSTOP) is woken
 * first, since it could not see the signal.
 *
 * @param {ProcessRef | undefined} ref
 * @param {{ signal?: NodeJS.Signals, timeoutMs?: number }} [options]
 * @returns {Promise<'gone' | 'stopped' | 'killed'>}
 */
export async function endProcess(ref, options = {}) {
  const { signal = 'SIGTERM', timeoutMs = 10_000 } = options;
  if (ref === undefined || !signalProcess(ref, signal)) return 'gone';
  signalProcess(ref, 'SIGCONT');
  if (await waitUntilGone(ref, timeoutMs)) return signal === 'SIGKILL' ? 'killed' : 'stopped';
  signalProcess(ref, 'SIGKILL');
  await waitUntilGone(ref, 5_000);
  return 'killed';
}

/**
 * @param {ProcessRef} ref
 * @param {number} timeoutMs
 */
export async function waitUntilGone(ref, timeoutMs) {
  const deadline = performance.now() + timeoutMs;
  while (isAlive(ref)) {
    if (performance.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}

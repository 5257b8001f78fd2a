import path from 'node:path';
import { Failure } from '../native/failure.mjs';
import { probeHttp } from '../native/probe.mjs';
import { endProcess } from '../native/process-ref.mjs';
import { spawnLogged } from '../native/spawn-logged.mjs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than FAULTLINE_DRAIN_MS (20 s): a service drains by itself before it is killed. */
const drainTimeoutMs = 25_000;

/** A service that lived this long was healthy: the next death starts the delays anew. */
const healthyMs = 60_000;

/** Deaths in a row before its first readiness that make a start fail. */
const deathsBeforeReady = 4;

/**
 * How long to wait before the nth restart in a row (from 0): 0.5 s, doubled, at most 30 s.
 *
 * @param {number} failures
 */
export function restartDelayMs(failures) {
  return Math.min(500 * 2 ** failures, 30_000);
}

/**
 * Keeps processes running: one that ends by itself is started again after a delay that doubles
 * until it has lived for a minute. See `start` and `stop` of the result.
 *
 * @param {{
 *   logDir: string, log: (line: string) => void, onChange: () => void,
 *   healthyAfterMs?: number, restartDelay?: (failures: number) => number,
 * }} options
 */
export function createSupervisor({
  logDir,
  log,
  onChange,
  healthyAfterMs = healthyMs,
  restartDelay = restartDelayMs,
}) {
  /** @type {Map<string, { spec: any, process: import('../native/spawn-logged.mjs').LoggedProcess | undefined, failures: number, restarts: number, url: string | null, stopping: AbortController }>} */
  const entries = new Map();

  const keep = async (/** @type {string} */ name) => {
    const entry = /** @type {NonNullable<ReturnType<typeof entries.get>>} */ (entries.get(name));
    const { signal } = entry.stopping;
    while (!signal.aborted) {
      const began = performance.now();
      const child = await launch(entry.spec);
      entry.process = child;
      onChange();
      const { code, signal: by } = await child.exit;
      entry.process = undefined;
      if (signal.aborted) break;
      onChange();
      if (performance.now() - began >= healthyAfterMs) entry.failures = 0;
      const delay = restartDelay(entry.failures);
      entry.failures += 1;
      entry.restarts += 1;
      log(
        `${name} ended (${by ?? `exit code ${code}`}), again in ${(delay / 1000).toFixed(1)} s; log: ${child.logFile}`,
      );
      await sleep(delay, undefined, { signal }).catch(() => {});
    }
  };

  const launch = (/** @type {any} */ spec) =>
    spawnLogged({
      command: process.execPath,
      args: [spec.script, ...spec.args],
      env: spec.env,
      logFile: path.join(logDir, `${spec.name}.log`),
      cwd: spec.cwd,
    });

  return {
    /**
     * Starts a process and keeps it.
     *
     * @param {import('./services.mjs').ServiceSpec & { env: NodeJS.ProcessEnv, url: string | null, cwd?: string }} spec
     */
    start(spec) {
      if (entries.has(spec.name)) throw new Failure(`${spec.name} is kept already`, { code: 'usage' });
      entries.set(spec.name, {
        spec,
        process: undefined,
        failures: 0,
        restarts: 0,
        url: spec.url,
        stopping: new AbortController(),
      });
      keep(spec.name).catch((error) =>
        log(`${spec.name} cannot be started: ${error instanceof Error ? error.message : error}`),
      );
    },

    /**
     * Waits until its /readyz answers; gives up when it keeps dying, or after the time.
     *
     * @param {string} name
     * @param {{ timeoutMs?: number, signal?: AbortSignal }} [options]
     */
    async ready(name, { timeoutMs = 60_000, signal } = {}) {
      const entry = entries.get(name);
      if (entry === undefined || entry.url === null) return;
      const deadline = performance.now() + timeoutMs;
      const logFile = path.join(logDir, `${name}.log`);
      for (;;) {
        signal?.throwIfAborted();
        try {
          if (entry.process !== undefined) {
            await probeHttp(`${entry.url}/readyz`);
            return;
          }
        } catch {
          // not yet
        }
        if (entry.failures >= deathsBeforeReady) {
          throw new Failure(`${name} ends again and again before it is ready`, {
            logFile,
            remedy: 'the log names the reason',
          });
        }
        if (performance.now() > deadline) {
          throw new Failure(`${name} was not ready within ${Math.round(timeoutMs / 1000)} s`, {
            logFile,
            remedy: `the log names the reason; ${entry.url}/readyz says what is missing`,
          });
        }
        await sleep(50);
      }
    },

    /** What is kept and runs now. */
    processes() {
      return [...entries].flatMap(([name, { process: child, url, restarts }]) =>
        child === undefined ? [] : [{ name, ...child.ref, url, restarts, logFile: child.logFile }],
      );
    },

    /**
     * Ends processes side by side: SIGTERM, time to drain, then SIGKILL.
     *
     * @param {(name: string) => boolean} [which]
     * @param {{ signal?: NodeJS.Signals }} [options]
     */
    async stop(which = () => true, { signal = 'SIGTERM' } = {}) {
      await Promise.all(
        [...entries]
          .filter(([name]) => which(name))
          .map(async ([name, entry]) => {
            entry.stopping.abort();
            const outcome = await endProcess(entry.process?.ref, { signal, timeoutMs: drainTimeoutMs });
            if (outcome === 'killed' && signal !== 'SIGKILL')
              log(`${name} did not drain within ${drainTimeoutMs / 1000} s and was killed`);
            entries.delete(name);
          }),
      );
      onChange();
    },
  };
}

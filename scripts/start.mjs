#!/usr/bin/env node
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './native/failure.mjs';
import { isAlive, processRef } from './native/process-ref.mjs';
import { runCommand } from './supervisor/command.mjs';
import { dockerEngine } from './supervisor/docker.mjs';
import { startDockerLine } from './supervisor/docker-line.mjs';
import { dataDirOf, locationOf } from './supervisor/locate.mjs';
import { startNativeLine } from './supervisor/native-line.mjs';
import { renderScreen } from './supervisor/screen.mjs';
import { lockDataDir, readState } from './supervisor/state.mjs';
import { collectStatus } from './supervisor/status-report.mjs';

/** Set for the process that stays behind after --detach. */
const detachedKey = 'FAULTLINE_DETACHED';

/** Real errors a second when nobody says: enough to see the numbers move. */
const defaultRate = 5;

const began = performance.now();
/** @type {string[]} */
let notes = [];
let showingScreen = false;

await runCommand({
  usage: 'npm start -- [options]   brings the whole line up and shows where it stands; Ctrl-C stops it',
  options: {
    detach: { kind: 'flag', help: 'return when it is ready; npm stop stops it' },
    'no-replay': { kind: 'flag', help: 'do not send real errors from the corpus' },
    rate: { kind: 'positive', value: 'N', help: `errors a second of the replay (${defaultRate})` },
    data: { kind: 'text', value: 'DIR', help: 'folder of all data and logs (.faultline)' },
    'port-base': {
      kind: 'port',
      value: 'N',
      help: 'first of 50 ports; a taken one is then an error (19000, or the next free block)',
    },
    all: { kind: 'flag', help: 'all services in one process' },
    native: { kind: 'flag', help: 'without Docker, even where an engine answers' },
    docker: { kind: 'flag', help: 'with Docker Compose' },
  },
  run: async (options) => {
    if (options.native && options.docker)
      throw new Failure('--native and --docker exclude each other', { code: 'usage' });
    if (options['no-replay'] && options.rate !== undefined)
      throw new Failure('--no-replay and --rate exclude each other', { code: 'usage' });
    const dataDir = dataDirOf(options.data);
    if (options.detach && process.env[detachedKey] === undefined) return startDetached(dataDir);
    return startHere(dataDir, {
      replayRate: options['no-replay'] ? null : (options.rate ?? defaultRate),
      all: options.all === true,
      mode: options.native ? 'native' : options.docker ? 'docker' : undefined,
      ...(options['port-base'] === undefined ? {} : { portBase: options['port-base'] }),
    });
  },
});

/**
 * @param {string} dataDir
 * @param {{ replayRate: number | null, all: boolean, mode: 'native' | 'docker' | undefined, portBase?: number }} options
 */
async function startHere(dataDir, options) {
  const self = /** @type {import('./native/process-ref.mjs').ProcessRef} */ (processRef(process.pid));
  const unlock = await lockDataDir(dataDir);
  const abort = new AbortController();
  let asked = 0;
  /** @type {() => Promise<void>} */
  let kill = async () => {};
  const onSignal = (/** @type {NodeJS.Signals} */ name) => {
    asked += 1;
    if (asked === 1) {
      log(`${name}: stopping all in order (again: kill at once)`);
      abort.abort(new Failure('stopped before it was ready'));
    } else if (asked === 2) {
      log('killing all');
      void kill().finally(() => process.exit(1));
    }
  };
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => onSignal(name));

  try {
    const mode =
      options.mode ??
      (process.env.FAULTLINE_BROKERS === undefined && (await dockerEngine()).usable ? 'docker' : 'native');
    const common = {
      dataDir,
      log,
      signal: abort.signal,
      replayRate: options.replayRate,
      all: options.all,
      ...(options.portBase === undefined ? {} : { portBase: options.portBase }),
    };
    const line =
      mode === 'docker'
        ? await startDockerLine({ ...common, self })
        : await startNativeLine({ ...common, parts: { self } });
    kill = line.kill;
    log('ready');
    await showUntil(abort.signal, line.state, { dataDir, replayRate: options.replayRate });
    showingScreen = false;
    await line.stop();
    return /** @type {const} */ ('ok');
  } catch (error) {
    if (abort.signal.aborted && error === abort.signal.reason) return /** @type {const} */ ('ok');
    throw error;
  } finally {
    await unlock();
  }
}

/**
 * Starts a process that stays behind, passes its progress on, and returns when the line is ready.
 *
 * @param {string} dataDir
 */
async function startDetached(dataDir) {
  const running = await readState(dataDir);
  if (running !== undefined && isAlive(running.supervisor)) {
    process.stderr.write(`a line already runs in ${dataDir} (pid ${running.supervisor.pid})\n`);
    return waitForReady(
      dataDir,
      () => isAlive(running.supervisor),
      () => {},
    );
  }
  const logFile = path.join(dataDir, 'logs', 'supervisor.log');
  mkdirSync(path.dirname(logFile), { recursive: true });
  const out = openSync(logFile, 'w');
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    detached: true,
    stdio: ['ignore', out, out],
    env: { ...process.env, [detachedKey]: '1' },
  });
  closeSync(out);
  let exitCode;
  child.once('exit', (code) => {
    exitCode = code ?? 1;
  });
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => child.kill('SIGTERM'));
  let shown = 0;
  const passOn = () => {
    const text = readFileSync(logFile);
    process.stderr.write(text.subarray(shown));
    shown = text.length;
  };
  const outcome = await waitForReady(dataDir, () => exitCode === undefined, passOn, child.pid);
  child.unref();
  return outcome;
}

/**
 * @param {string} dataDir
 * @param {() => boolean} goesOn
 * @param {() => void} passOn
 * @param {number} [pid] of the supervisor that is awaited
 */
async function waitForReady(dataDir, goesOn, passOn, pid) {
  for (;;) {
    const alive = goesOn();
    passOn();
    const state = await readState(dataDir);
    if (alive && state?.phase === 'ready' && (pid === undefined || state.supervisor.pid === pid)) {
      const status = await collectStatus(await locationOf(state));
      process.stdout.write(`${renderScreen(status, screenContext(dataDir, state, undefined)).join('\n')}\n`);
      return /** @type {const} */ ('ok');
    }
    if (!alive) return /** @type {const} */ ('failed');
    await sleep(100);
  }
}

/**
 * Until the signal: a screen redrawn at a terminal; elsewhere the screen once, then a line every 30 s.
 *
 * @param {AbortSignal} signal
 * @param {import('./supervisor/state.mjs').LineState} state
 * @param {{ dataDir: string, replayRate: number | null }} context
 */
async function showUntil(signal, state, { dataDir, replayRate }) {
  const terminal = process.stdout.isTTY && process.env[detachedKey] === undefined;
  notes = [];
  showingScreen = terminal;
  if (terminal) process.stdout.write('\u001b[2J');
  for (let first = true; !signal.aborted; first = false) {
    const status = await collectStatus(await locationOf(state));
    if (signal.aborted) return;
    const rows = renderScreen(status, { ...screenContext(dataDir, state, replayRate), notes });
    if (terminal) process.stdout.write(`\u001b[H${rows.map((row) => `${row}\u001b[K`).join('\n')}\u001b[J\n`);
    else if (first) process.stdout.write(`${rows.join('\n')}\n`);
    else process.stdout.write(`${rows[2]}\n${rows[3]}\n`);
    await sleep(terminal ? 2_000 : 30_000, undefined, { signal }).catch(() => {});
  }
}

/** @param {string} dataDir @param {import('./supervisor/state.mjs').LineState} state @param {number | null | undefined} replayRate */
function screenContext(dataDir, state, replayRate) {
  const option = dataDir === dataDirOf(undefined) ? '' : ` -- --data ${dataDir}`;
  const foreground = process.env[detachedKey] === undefined && replayRate !== undefined;
  const rate = replayRate === undefined ? (state.replayRate ?? null) : replayRate;
  return {
    dataDir,
    logDir: state.logDir,
    replayRate: rate,
    stopCommand: foreground ? `Ctrl-C (or npm stop${option})` : `npm stop${option}`,
  };
}

/** @param {string} line */
function log(line) {
  const text = `[${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s] ${line}`;
  // While the screen is up a message is part of it; otherwise the next redraw would cover it.
  if (showingScreen) notes = [...notes, text].slice(-4);
  else process.stderr.write(`${text}\n`);
}

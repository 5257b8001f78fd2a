import path from 'node:path';
import { endProcess, signalProcess, spawnLogged, type LoggedProcess } from '../../scripts/native/index.mjs';

/** How a process of a service ended. */
export interface ServiceExit {
  readonly at: number;
  readonly name: string;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** Whether the harness ended it, or had it crash. */
  readonly expected: boolean;
  readonly logFile: string;
}

/** What a slot is made with. */
export interface SlotOptions {
  readonly service: string;
  readonly index: number;
  readonly tree: string;
  readonly logDir: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly onExit: (exit: ServiceExit) => void;
}

const READY_MS = 120_000;

/** A place for one process of a service: started, stopped, killed, paused, and started again in the same place. */
export class ServiceSlot {
  readonly service: string;
  readonly index: number;
  readonly name: string;
  readonly #options: SlotOptions;
  #process: LoggedProcess | undefined;
  #expected = false;
  #wanted = false;
  #starts = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
    this.service = options.service;
    this.index = options.index;
    this.name = `${options.service}-${options.index}`;
  }

  /** Process id; undefined where none runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Whether a process is meant to run here. */
  get wanted(): boolean {
    return this.#wanted;
  }

  /** How often a process was started here. */
  get starts(): number {
    return this.#starts;
  }

  /** Base URL of the process. */
  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  /** Starts a process. With a fail point its crash is expected. */
  async start(failPoint?: string): Promise<void> {
    if (this.#process !== undefined) return;
    this.#wanted = true;
    this.#starts += 1;
    this.#expected = failPoint !== undefined;
    const { tree, service, index, logDir, port, env } = this.#options;
    const logFile = path.join(logDir, `${this.name}.log`);
    const process = await spawnLogged({
      command: globalThis.process.execPath,
      args: [path.join(tree, 'services', service, 'dist', 'main.js')],
      cwd: tree,
      logFile,
      tether: true,
      env: {
        ...env,
        FAULTLINE_INSTANCE: String(index),
        FAULTLINE_HTTP_PORT: String(port),
        ...(failPoint === undefined ? {} : { FAULTLINE_FAIL_POINT: failPoint }),
      },
    });
    this.#process = process;
    void process.exit.then(({ code, signal }) => {
      if (this.#process === process) this.#process = undefined;
      const { pid } = process;
      this.#options.onExit({
        at: Date.now(),
        name: this.name,
        pid,
        code,
        signal,
        expected: this.#expected,
        logFile,
      });
    });
  }

  /** Waits until it says that it is ready; false where it does not within the time, or ends. */
  async ready(timeoutMs = READY_MS): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (Date.now() < end) {
      const ok = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return true;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return false;
  }

  /** kill -9. Resolves when it is gone. */
  async kill(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    this.#expected = true;
    signalProcess(process.ref, 'SIGKILL');
    await process.exit;
  }

  /** SIGSTOP, or SIGCONT. */
  pause(stopped: boolean): void {
    if (this.#process !== undefined) signalProcess(this.#process.ref, stopped ? 'SIGSTOP' : 'SIGCONT');
  }

  /** SIGTERM, as a deploy does it; what ends with another code than 0 is told as unexpected. */
  async stop(timeoutMs = 40_000): Promise<void> {
    this.#wanted = false;
    const process = this.#process;
    if (process === undefined) return;
    this.#expected = false;
    await endProcess(process.ref, { timeoutMs });
    await process.exit;
  }

  /** Resolves when the process that runs now has ended; false where it has not within the time. */
  async ended(timeoutMs: number): Promise<boolean> {
    const process = this.#process;
    if (process === undefined) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
    });
    return Promise.race([process.exit.then(() => true as const), late]).finally(() => clearTimeout(timer));
  }
}

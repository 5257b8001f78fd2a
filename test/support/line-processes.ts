import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const root = new URL('../..', import.meta.url).pathname;

/** Services that make the line. */
export const lineServices = ['classifier', 'retrier', 'fixer', 'escalator', 'analytics'] as const;
/** A service of the line. */
export type LineService = (typeof lineServices)[number];

/** A service as a process of its own. */
export interface ServiceProcess {
  readonly name: LineService;
  readonly url: string;
  readonly child: ChildProcess;
  /** Sends a signal and gives the exit code, or the signal that ended it. */
  readonly end: (signal?: NodeJS.Signals) => Promise<number | NodeJS.Signals | null>;
  /** What it printed so far. */
  readonly output: () => string;
}

/** Runs the provisioning against the test servers and gives what it printed. */
export async function provisionLine(
  env: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawnSource('services/platform/src/provision/main.ts', env, args);
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, output };
}

/** Starts one service; resolves when it is ready, rejects where it dies before. */
export async function startServiceProcess(
  name: LineService,
  env: NodeJS.ProcessEnv,
): Promise<ServiceProcess> {
  const port = await freePort();
  const child = spawnSource(`services/${name}/src/main.ts`, { ...env, FAULTLINE_HTTP_PORT: String(port) });
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const url = `http://127.0.0.1:${port}`;
  const service: ServiceProcess = {
    name,
    url,
    child,
    output: () => output,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return exited;
    },
  };
  const end = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} died:\n${output}`);
    const ready = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return service;
    if (Date.now() > end) {
      child.kill('SIGKILL');
      throw new Error(`${name} did not become ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Starts all services of the line side by side. */
export async function startLine(env: NodeJS.ProcessEnv): Promise<readonly ServiceProcess[]> {
  const started = await Promise.allSettled(lineServices.map(async (name) => startServiceProcess(name, env)));
  const services = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stopLine(services);
    throw failed.reason;
  }
  return services;
}

/** Stops services by SIGTERM; gives their exit codes. */
export async function stopLine(
  services: readonly ServiceProcess[],
): Promise<readonly (number | NodeJS.Signals | null)[]> {
  return Promise.all(services.map(async (service) => service.end()));
}

function spawnSource(path: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', '-C', 'dev', path, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive } from '../native/process-ref.mjs';
import { createSupervisor, restartDelayMs } from './supervise.mjs';

const script = fileURLToPath(new URL('fixtures/dummy-service.mjs', import.meta.url));
let logDir = '';
let logged: string[] = [];

beforeEach(async () => {
  logDir = await mkdtemp(path.join(tmpdir(), 'faultline-supervise-'));
  logged = [];
});

afterEach(async () => {
  await rm(logDir, { recursive: true, force: true });
});

const create = (options: { healthyAfterMs?: number; restartDelay?: (failures: number) => number } = {}) =>
  createSupervisor({ logDir, log: (line) => logged.push(line), onChange: () => undefined, ...options });

const service = (name: string, ...args: string[]) => ({
  name,
  script,
  args,
  port: null,
  url: null,
  env: { ...process.env, FAULTLINE_INSTANCE: `${name}-1` },
});

test('delays double from half a second to half a minute', () => {
  expect([0, 1, 2, 5, 6, 50].map(restartDelayMs)).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
});

test('a dead service is started again, each time later', async () => {
  const asked: number[] = [];
  const supervisor = create({
    restartDelay: (failures) => {
      asked.push(failures);
      return 1;
    },
  });
  supervisor.start(service('dies', '0', '1'));
  await vi.waitFor(() => expect(asked.slice(0, 3)).toEqual([0, 1, 2]), 10_000);
  expect(logged[0]).toContain('dies ended (exit code 7)');
  expect(logged[0]).toContain(path.join(logDir, 'dies.log'));
  await supervisor.stop();
  const after = asked.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(asked.length).toBe(after);
});

test('one that was healthy before it died starts with the first delay again', async () => {
  const asked: number[] = [];
  const supervisor = create({
    healthyAfterMs: 0,
    restartDelay: (failures) => {
      asked.push(failures);
      return 1;
    },
  });
  supervisor.start(service('dies', '0', '1'));
  await vi.waitFor(() => expect(asked.slice(0, 3)).toEqual([0, 0, 0]), 10_000);
  await supervisor.stop();
});

test('stop lets it drain, and does not start it again', async () => {
  const supervisor = create();
  supervisor.start(service('drains', '150'));
  await vi.waitFor(async () => {
    expect(await readFile(path.join(logDir, 'drains.log'), 'utf8')).toContain('drains-1');
  }, 10_000);
  const [running] = supervisor.processes();
  expect(isAlive(running)).toBe(true);
  await supervisor.stop();
  expect(isAlive(running)).toBe(false);
  expect(supervisor.processes()).toEqual([]);
  expect(await readFile(path.join(logDir, 'drains.log'), 'utf8')).toContain('draining\ndrained\n');
});

test('a service that keeps dying before it is ready fails the start, with its log', async () => {
  const supervisor = create({ restartDelay: () => 1 });
  supervisor.start({ ...service('dies', '0', '1'), url: 'http://127.0.0.1:1' });
  await expect(supervisor.ready('dies')).rejects.toMatchObject({
    message: 'dies ends again and again before it is ready',
    logFile: path.join(logDir, 'dies.log'),
  });
  await supervisor.stop();
});

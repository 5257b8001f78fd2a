import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderScreen } from './screen.mjs';
import { absentStatus, collectStatus } from './status-report.mjs';

const script = fileURLToPath(new URL('fixtures/dummy-service.mjs', import.meta.url));
let service: ChildProcess;
let url = '';

beforeAll(async () => {
  const port = await freePort();
  service = spawn(process.execPath, [script], { env: { ...process.env, FAULTLINE_HTTP_PORT: String(port) } });
  await once(service.stdout as NodeJS.ReadableStream, 'data');
  url = `http://127.0.0.1:${port}`;
});

afterAll(() => {
  service.kill('SIGKILL');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const location = (services: { name: string; pid: number | null; url: string | null }[]) => ({
  mode: 'native' as const,
  phase: 'ready',
  brokers: [],
  registry: null,
  database: null,
  api: url,
  gateway: 'http://127.0.0.1:19001',
  services,
});

test('the shape that others read', async () => {
  const status = await collectStatus(location([{ name: 'classifier', pid: 42, url }]));
  expect(status).toMatchObject({
    v: 1,
    ready: true,
    mode: 'native',
    brokers: [],
    registry: null,
    database: null,
    api: url,
    gateway: 'http://127.0.0.1:19001',
    line: {
      in: 9,
      resolved: 4,
      suppressed: 1,
      deadLettered: 1,
      escalated: 2,
      inFlight: 1,
      overdue: 0,
      unaccounted: 0,
    },
    services: [{ name: 'classifier', pid: 42, ready: true, url, lag: 7 }],
  });
  expect(Object.keys(status.line)).toEqual([
    'in',
    'resolved',
    'suppressed',
    'deadLettered',
    'escalated',
    'inFlight',
    'overdue',
    'unaccounted',
  ]);
});

test('one service that is down makes the line not ready; its numbers are unknown, not zero', async () => {
  const dead = { name: 'fixer', pid: null, url: 'http://127.0.0.1:1' };
  const status = await collectStatus(location([{ name: 'classifier', pid: 42, url }, dead]));
  expect(status.ready).toBe(false);
  expect(status.services[1]).toEqual({ ...dead, ready: false, lag: null });
});

test('a broker, registry or database that does not answer makes it not ready', async () => {
  const status = await collectStatus({
    ...location([{ name: 'classifier', pid: 42, url }]),
    brokers: ['127.0.0.1:1'],
    registry: 'http://127.0.0.1:1',
    database: 'postgres://u:p@127.0.0.1:1/x',
  });
  expect(status.ready).toBe(false);
  expect(status.up).toEqual({ broker: false, registry: false, database: false });
});

test('an API that does not answer leaves the numbers open', async () => {
  const status = await collectStatus({ ...location([]), api: 'http://127.0.0.1:1' });
  expect(new Set(Object.values(status.line))).toEqual(new Set([null]));
});

test('no line has the same fields', async () => {
  const status = await collectStatus(location([]));
  expect(Object.keys(absentStatus('native'))).toEqual(Object.keys(status));
  expect(absentStatus('native').ready).toBe(false);
});

test('the screen says where it stands, how to send an error and how to stop, in less than 25 rows', async () => {
  const status = await collectStatus(location([{ name: 'classifier', pid: 42, url }]));
  const rows = renderScreen(
    { ...status, line: { ...status.line, unaccounted: 2, in: 12_345 } },
    { dataDir: '/d', logDir: '/d/logs', replayRate: 5, stopCommand: 'Ctrl-C' },
  );
  const text = rows.join('\n');
  expect(rows.length).toBeLessThan(25);
  expect(text).toContain('12,345');
  expect(text).toContain('! 2 records are unaccounted for');
  expect(text).toContain('npx faultline send');
  expect(text).toContain('http://127.0.0.1:19001/v1/errors');
  expect(text).toContain('stop           Ctrl-C');
});

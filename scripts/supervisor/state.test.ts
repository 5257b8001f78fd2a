import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { processRef } from '../native/process-ref.mjs';
import { lockDataDir, readState, removeState, stateFile, writeState } from './state.mjs';

let dataDir = '';

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'faultline-state-'));
});

afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

const state = {
  v: 1 as const,
  mode: 'native' as const,
  phase: 'ready' as const,
  startedAt: '2026-01-01T00:00:00.000Z',
  supervisor: { pid: 1, startedAt: 'x' },
  portBase: 19_000,
  brokers: ['127.0.0.1:19021'],
  registry: 'http://127.0.0.1:19010/apis/ccompat/v7',
  database: 'postgres://u:secret@127.0.0.1:19011/faultline',
  api: 'http://127.0.0.1:19000',
  gateway: 'http://127.0.0.1:19001',
  logDir: '/logs',
  replayRate: 5,
  processes: [],
};

test('what is written is read, by its owner alone', async () => {
  await writeState(dataDir, state);
  expect(await readState(dataDir)).toEqual(state);
  expect((await stat(stateFile(dataDir))).mode & 0o077).toBe(0);
  await removeState(dataDir);
  expect(await readState(dataDir)).toBeUndefined();
});

test('a torn or foreign file is no state', async () => {
  await writeFile(stateFile(dataDir), '{"v":1,"processes":');
  expect(await readState(dataDir)).toBeUndefined();
  await writeFile(stateFile(dataDir), '{"v":2,"processes":[]}');
  expect(await readState(dataDir)).toBeUndefined();
});

test('one line in a folder: the second start is refused, and says whose the first is', async () => {
  const unlock = await lockDataDir(dataDir);
  await expect(lockDataDir(dataDir)).rejects.toMatchObject({
    message: `a line already runs in ${dataDir} (pid ${process.pid})`,
    remedy: expect.stringContaining('npm stop'),
  });
  await unlock();
  await (
    await lockDataDir(dataDir)
  )();
  expect(await readdir(dataDir)).toEqual([]);
});

test.each([
  ['a process that is gone', JSON.stringify({ pid: 2 ** 30, startedAt: 'x' })],
  ['an id that another process has by now', JSON.stringify({ pid: process.pid, startedAt: 'before' })],
  ['half a line', '{"pid":'],
  ['nothing', ''],
])('a lock left by %s is taken over', async (_, text) => {
  await writeFile(path.join(dataDir, 'lock'), text);
  const unlock = await lockDataDir(dataDir);
  expect(JSON.parse(await readFile(path.join(dataDir, 'lock'), 'utf8'))).toEqual(processRef(process.pid));
  await unlock();
  expect(await readdir(dataDir)).toEqual([]);
});

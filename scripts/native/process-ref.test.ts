import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { endProcess, isAlive, parseStat, processRef, signalProcess } from './process-ref.mjs';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A child that answers SIGTERM as told; resolves when its handler is in place. */
async function start(onTerm: 'ends' | 'ignores'): Promise<number> {
  const handler = onTerm === 'ignores' ? "process.on('SIGTERM', () => {});" : '';
  const child = spawn(process.execPath, ['-e', `${handler} console.log('up'); setInterval(() => {}, 1000)`]);
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

test('the name of a process may hold blanks and parentheses', () => {
  const stat =
    '42 (a ) (b) R 1 42 42 0 -1 4194304 100 0 0 0 5 3 0 0 20 0 1 0 987654 1000 10 18446744073709551615';
  expect(parseStat(stat)).toEqual({ state: 'R', startTick: '987654' });
});

test('a process is itself, and nobody else under the same id', async () => {
  const pid = await start('ends');
  const ref = processRef(pid);
  expect(isAlive(ref)).toBe(true);
  const earlierOwner = { pid, startedAt: 'another boot:1' };
  expect(isAlive(earlierOwner)).toBe(false);
  expect(signalProcess(earlierOwner, 'SIGKILL')).toBe(false);
  expect(await endProcess(earlierOwner, { signal: 'SIGKILL' })).toBe('gone');
  expect(isAlive(ref)).toBe(true);
});

test('no process has a reference', () => {
  expect(processRef(2 ** 30)).toBeUndefined();
  expect(processRef(-1)).toBeUndefined();
  expect(isAlive(undefined)).toBe(false);
});

test('the signal ends one that listens to it', async () => {
  const ref = processRef(await start('ends'));
  expect(await endProcess(ref)).toBe('stopped');
  expect(isAlive(ref)).toBe(false);
});

test('one that does not is killed after the time', async () => {
  const ref = processRef(await start('ignores'));
  expect(await endProcess(ref, { timeoutMs: 200 })).toBe('killed');
  expect(isAlive(ref)).toBe(false);
});

test('a stopped one is woken, so that it sees the signal', async () => {
  const ref = processRef(await start('ends'));
  if (ref === undefined) throw new Error('it did not start');
  signalProcess(ref, 'SIGSTOP');
  expect(await endProcess(ref, { timeoutMs: 5_000 })).toBe('stopped');
});

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startStandIns,
  standInNames,
  type StandIns,
} from '../../../../test/support/stand-ins/start-stand-ins.ts';
import { EscalatorBench } from '../testing/escalator-bench.ts';
import { classified, unresolved } from '../testing/sample-record.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';

const program = fileURLToPath(new URL('../testing/effects-process.ts', import.meta.url));

let database: TestDatabase;
let standIns: StandIns;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  [database, standIns] = await Promise.all([testDatabase(), startStandIns()]);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all([database.drop(), standIns.stop()]);
});

/** Starts the effects in a process; resolves with the signal that ends it. */
async function run(
  failPoint: string | undefined,
): Promise<{ child: ChildProcess; ended: Promise<string | null> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', '-C', 'dev', program], {
    env: {
      PATH: process.env['PATH'],
      ...standIns.env,
      DATABASE_URL: database.url,
      FAULTLINE_EFFECT_TIMEOUT_MS: '1000',
      FAULTLINE_AUDIT_MS: '200',
      ...(failPoint === undefined ? {} : { FAULTLINE_FAIL_POINT: failPoint }),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = new Promise<string | null>((resolve) => {
    child.once('exit', (_code, signal) => {
      children.delete(child);
      resolve(signal);
    });
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return { child, ended };
}

describe('killed between a call and its commit', () => {
  it('makes one object for each id where ids are taken, and counts each repeat where they are not', async () => {
    const bench = new EscalatorBench(database.pool);
    bench.now = Date.now();
    const record = unresolved({ classification: classified({ severity: 'critical' }) });
    await bench.deliver(
      [record, record].map((one, index) => ({
        ...one,
        coordinate: { ...one.coordinate, offset: 1_000 + index },
      })),
    );
    for (const failPoint of ['effect-after-call:1', 'effect-after-call:2']) {
      const { ended } = await run(failPoint);
      expect(await ended).toBe('SIGKILL');
    }
    const { child, ended } = await run(undefined);
    const open = async (): Promise<number> =>
      (await bench.rows(`SELECT FROM effects WHERE state <> 'done'`)).length;
    while ((await open()) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill('SIGKILL');
    await ended;

    const objects = (name: (typeof standInNames)[number]): number => standIns.byName[name].objects().length;
    expect({
      linear: objects('linear'),
      webhook: objects('webhook'),
      pagerduty: objects('pagerduty'),
    }).toEqual({
      linear: 1,
      webhook: 1,
      pagerduty: 1,
    });
    const repeats = await bench.rows<{ channel: string; repeats: number }>(
      `SELECT channel, repeats FROM effects ORDER BY channel`,
    );
    const repeated = Object.fromEntries(repeats.map(({ channel, repeats: n }) => [channel, n]));
    expect(Object.values(repeated).reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(2);
    // Nothing lost, and no more messages than calls that are known to have been in doubt.
    for (const [channel, name] of [
      ['slack', 'slack'],
      ['email', 'smtp'],
    ] as const) {
      expect(objects(name)).toBeGreaterThanOrEqual(1);
      expect(objects(name)).toBeLessThanOrEqual(1 + (repeated[channel] ?? 0));
    }
    for (const name of standInNames) expect(standIns.byName[name].journal.problems).toEqual([]);
  });
});

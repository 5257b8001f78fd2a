import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunSeen } from '../channels/channel.ts';
import { effectsComponent } from './effects-component.ts';
import { pollRun } from './poll-run.ts';
import { escalatorConfigSchema } from '../config.ts';
import { EscalatorBench, fakeChannel, type FakeChannel } from '../testing/escalator-bench.ts';
import { classified, unresolved } from '../testing/sample-record.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';

let database: TestDatabase;
let linear: FakeChannel;
let slack: FakeChannel;
let webhook: FakeChannel;
let bench: EscalatorBench;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.drop());
beforeEach(async () => {
  await database.pool.query(
    `TRUNCATE incidents, incident_records, incident_transitions, effects, mailbox, silences, channel_gates, outbox, outbox_shards,
     graphile_worker._private_jobs CASCADE`,
  );
  linear = fakeChannel('linear');
  slack = fakeChannel('slack', { batch: 20, minIntervalMs: 1_000 });
  webhook = fakeChannel('webhook');
  bench = new EscalatorBench(database.pool, { linear, slack, webhook });
});

const WAIT_MS = 30_000;
const LEASE_MS = 6_000; // a time-out of 1 s, and a margin of 5 s
const push = async (groupKey = 'fp-dns'): Promise<void> =>
  bench.deliver([unresolved({ classification: classified({ groupKey }) })]);
const incidentId = async (): Promise<string> =>
  (await bench.rows<{ id: string }>('SELECT id FROM incidents'))[0]?.id ?? '';
const person = async (action: string): Promise<void> => {
  await bench.rows('SELECT * FROM incident_act($1, $2, $3, $4)', [
    await incidentId(),
    action,
    'ada',
    bench.now,
  ]);
};
const states = async () =>
  bench.rows<{ channel: string; kind: string; state: string }>(
    'SELECT channel, kind, state FROM effects ORDER BY channel, created_at, kind',
  );

describe('effects over a real Postgres', () => {
  it('are driven from committed rows, once each, and what came of them is kept', async () => {
    await push();
    await bench.advance(WAIT_MS);
    await bench.advance(1_000);
    expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    expect(
      await bench.rows(
        `SELECT channel, state, attempts, repeats, doubtful, result ->> 'reference' AS reference FROM effects ORDER BY channel`,
      ),
    ).toEqual(
      ['linear', 'slack', 'webhook'].map((channel) => ({
        channel,
        state: 'done',
        attempts: 1,
        repeats: 0,
        doubtful: false,
        reference: `${channel}-1`,
      })),
    );
    expect(await bench.rows('SELECT links FROM incidents')).toEqual([{ links: { linear: 'linear-1' } }]);
    expect(await bench.counted()).toEqual({ 'linear done': 1, 'slack done': 1, 'webhook done': 1 });
  });

  it.each(['acknowledge', 'resolve', 'close'])(
    '%s between planning and calling: nothing is sent',
    async (action) => {
      await push();
      bench.now += WAIT_MS;
      await bench.tick(await incidentId()); // planned, not driven
      await person(action);
      await bench.drive();
      expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([0, 0, 0]);
      expect(await states()).toEqual(
        ['linear', 'slack', 'webhook'].map((channel) => ({ channel, kind: 'open', state: 'skipped' })),
      );
      await bench.advance(1_000); // and nobody who never heard of it is told of its end
      expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([0, 0, 0]);
    },
  );

  it('a crash between call and commit: class A stays one object, class B is repeated once and counted', async () => {
    await push();
    bench.crashAfterCall = true;
    await expect(bench.advance(WAIT_MS)).rejects.toThrow('crashed');
    for (let n = 0; n < 2; n += 1) await bench.drive().catch(() => undefined);
    bench.crashAfterCall = false;
    expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    await bench.advance(LEASE_MS - 1); // whoever is under way has its time
    expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
    await bench.advance(1);
    expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([2, 2, 2]);
    expect([linear, slack, webhook].map(({ objects }) => objects.size)).toEqual([1, 2, 1]);
    expect(await bench.rows('SELECT state, repeats, doubtful FROM effects')).toEqual(
      Array.from({ length: 3 }, () => ({ state: 'done', repeats: 1, doubtful: false })),
    );
    expect(await bench.counted()).toMatchObject({
      'slack repeated': 1,
      'slack done': 1,
      'linear repeated': 1,
    });
    const [before, after] = webhook.calls.map((call) => call[0]);
    expect(after?.payload).toEqual(before?.payload); // a repeated call says the same
  });

  it('what may pass is tried again, later each time, and never sooner than it asks for', async () => {
    linear.answers.push(
      { kind: 'retry', error: 'HTTP 500', retryAfterMs: null, doubtful: true },
      { kind: 'retry', error: 'limited', retryAfterMs: 60_000, doubtful: false },
    );
    await push();
    await bench.advance(WAIT_MS);
    await bench.advance(1_999);
    expect(linear.calls).toHaveLength(1);
    await bench.advance(1);
    expect(linear.calls).toHaveLength(2);
    await bench.advance(59_999);
    expect(linear.calls).toHaveLength(2);
    await bench.advance(1);
    expect(linear.calls).toHaveLength(3);
    expect(linear.objects.size).toBe(1);
    expect(
      await bench.rows(`SELECT attempts, repeats, last_error FROM effects WHERE channel = 'linear'`),
    ).toEqual([{ attempts: 3, repeats: 2, last_error: 'limited' }]);
  });

  it('a rate limit shuts the channel for all its effects', async () => {
    linear.answers.push({ kind: 'retry', error: 'limited', retryAfterMs: 60_000, doubtful: false });
    await push('one');
    await bench.advance(WAIT_MS);
    await push('two');
    await bench.advance(WAIT_MS);
    expect(linear.calls).toHaveLength(1);
    await bench.advance(30_000);
    expect(linear.objects.size).toBe(2);
  });

  it('what never passes is told through the next channel, and that one hears of the end too', async () => {
    const email = fakeChannel('email');
    bench = new EscalatorBench(database.pool, { linear, slack, webhook, email });
    linear.answers.push({ kind: 'refused', error: 'HTTP 401' });
    await push();
    await bench.advance(WAIT_MS);
    await bench.drive();
    expect(email.calls.map(([first]) => first?.kind)).toEqual(['open']);
    await person('resolve');
    await bench.advance(1_000);
    expect(email.calls.map(([first]) => first?.kind)).toEqual(['open', 'resolve']);
    expect(linear.calls).toHaveLength(1); // it never heard of it
  });

  it('what does not pass for long is tried on, and the next channel is told meanwhile', async () => {
    const down = { kind: 'retry', error: 'ECONNREFUSED', retryAfterMs: null, doubtful: false } as const;
    for (let n = 0; n < 5; n += 1) linear.answers.push(down);
    await push();
    await bench.advance(WAIT_MS);
    for (let n = 0; n < 8; n += 1) await bench.advance(40_000);
    expect(await bench.rows('SELECT channel, kind, why FROM mailbox')).toEqual([
      { channel: 'mailbox', kind: 'open', why: 'no other channel could be told' },
    ]);
    expect(linear.objects.size).toBe(1);
    expect(await bench.rows(`SELECT state, attempts FROM effects WHERE channel = 'linear'`)).toEqual([
      { state: 'done', attempts: 6 },
    ]);
  });

  it('a target that is gone is not called again until it is another one', async () => {
    webhook.answers.push({ kind: 'gone', error: 'HTTP 410' });
    await push('one');
    await bench.advance(WAIT_MS);
    await push('two');
    await bench.advance(WAIT_MS);
    expect(webhook.calls).toHaveLength(1);
    expect(await bench.rows(`SELECT state FROM effects WHERE channel = 'webhook'`)).toEqual([
      { state: 'failed' },
      { state: 'failed' },
    ]);
    const moved = fakeChannel('webhook', { target: 'https://elsewhere.example' });
    bench = new EscalatorBench(database.pool, { webhook: moved });
    bench.now += 3 * WAIT_MS;
    await push('three');
    await bench.advance(WAIT_MS);
    expect(moved.objects.size).toBe(1);
  });

  it('what is configured nowhere lies in the mailbox, each once', async () => {
    bench = new EscalatorBench(database.pool, {});
    await push();
    await bench.advance(WAIT_MS);
    await bench.advance(1_000);
    expect(await bench.rows('SELECT channel, kind, subject, why FROM mailbox ORDER BY channel')).toEqual(
      ['linear', 'slack', 'webhook'].map((channel) => ({
        channel,
        kind: 'open',
        subject: 'DNS lookup of registry.example failed',
        why: `${channel} is not configured`,
      })),
    );
    expect(await bench.counted()).toEqual({ 'linear mailbox': 1, 'slack mailbox': 1, 'webhook mailbox': 1 });
  });

  it('a burst of 100 incidents is a few digests, one a second, and nothing is lost', async () => {
    await bench.deliver(
      Array.from({ length: 100 }, (_one, index) =>
        unresolved({ classification: classified({ groupKey: `fp-${index}` }) }),
      ),
    );
    await bench.advance(WAIT_MS);
    const at: number[] = [];
    for (let second = 0; second < 8; second += 1) {
      const before = slack.calls.length;
      await bench.advance(1_000);
      if (slack.calls.length > before) at.push(second);
    }
    expect(slack.calls.map((call) => call.length)).toEqual([20, 20, 20, 20, 20]);
    expect(at).toEqual([0, 1, 2, 3]); // the first went out when the wait was over
    expect(slack.objects.size).toBe(100);
  });

  it('a silence holds notices back until it ends, and no longer', async () => {
    await bench.rows(
      `INSERT INTO silences (matchers, starts_at, ends_at, created_by) VALUES ($1, 0, $2, 'ada')`,
      [JSON.stringify([{ field: 'category', op: 'is', values: ['network.*'] }]), bench.now + 100_000],
    );
    await push();
    await bench.advance(WAIT_MS);
    await bench.advance(69_999);
    expect(linear.calls).toHaveLength(0);
    await bench.advance(1);
    expect(linear.calls).toHaveLength(1);
  });

  it('an error nobody foresaw in one effect leaves it as it was', async () => {
    const broken = fakeChannel('linear', {
      render: () => {
        throw new Error('a bug');
      },
    });
    bench = new EscalatorBench(database.pool, { linear: broken });
    await push();
    await expect(bench.advance(WAIT_MS)).rejects.toThrow('a bug');
    expect(await bench.rows(`SELECT state, attempts FROM effects WHERE channel = 'linear'`)).toEqual([
      { state: 'planned', attempts: 0 },
    ]);
  });
});

describe('agent runs', () => {
  const agent = async (...seen: RunSeen[]): Promise<void> => {
    const codegen = fakeChannel('codegen', {
      poll: async () => seen.shift() ?? { kind: 'running', status: 'active', url: null },
    });
    bench = new EscalatorBench(database.pool, { linear, slack, webhook, codegen });
    await bench.deliver([
      unresolved({ classification: classified({ category: 'code.compile', retryClass: 'never-fixable' }) }),
    ]);
    await bench.advance(WAIT_MS);
    const [run] = await bench.rows<{ id: string }>(`SELECT id FROM effects WHERE channel = 'codegen'`);
    for (let n = seen.length; n > 0; n -= 1) await pollRun(bench.driver, run?.id ?? '');
    await bench.advance(1_000);
  };
  const jobs = async () =>
    bench.rows(`SELECT task_identifier FROM graphile_worker.jobs WHERE key LIKE 'run:%'`);

  it('a run that goes on is looked at again', async () => {
    await agent({ kind: 'running', status: 'active', url: null });
    expect(await jobs()).toEqual([{ task_identifier: 'escalator_run' }]);
    expect(
      await bench.rows(`SELECT result ->> 'status' AS status FROM effects WHERE channel = 'codegen'`),
    ).toEqual([{ status: 'active' }]);
  });

  it('what a run made is linked', async () => {
    await agent({ kind: 'complete', status: 'complete', url: 'https://github.example/pull/1' });
    expect(await bench.rows(`SELECT links ->> 'codegen' AS link FROM incidents`)).toEqual([
      { link: 'https://github.example/pull/1' },
    ]);
    expect(slack.calls).toHaveLength(0);
  });

  it('a run that failed tells people', async () => {
    await agent({ kind: 'failed', status: 'failed', url: null });
    expect(slack.calls.map(([first]) => first?.kind)).toEqual(['open']);
  });
});

describe('effects component', () => {
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let n = 0; n < 200; n += 1) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('it never came');
  };
  const start = async (auditMs: number, now: () => number) => {
    const config = escalatorConfigSchema.parse({ FAULTLINE_AUDIT_MS: String(auditMs) });
    return effectsComponent(config, { channels: { linear, slack, webhook }, now }).start(bench.context);
  };
  const critical = async (): Promise<void> =>
    bench.deliver([unresolved({ classification: classified({ severity: 'critical' }) })]);

  it('runs the jobs of incidents and effects, and ends in order', async () => {
    const component = await start(60_000, () => bench.now);
    try {
      await critical();
      await until(() => linear.calls.length === 1 && slack.calls.length === 1 && webhook.calls.length === 1);
      await until(async () => (await states()).every(({ state }) => state === 'done'));
      await person('resolve'); // the job that follows tells the channels
      await until(() => linear.calls.length === 2 && webhook.calls.length === 2);
    } finally {
      await component.stop(5_000);
    }
    expect((await bench.rows('SELECT * FROM incident_transitions WHERE NOT published')).length).toBe(0);
  });

  it('drains what waits behind a shut gate by one job of the channel', async () => {
    slack = fakeChannel('slack', { batch: 20, minIntervalMs: 300 });
    bench.now = Date.now();
    await bench.deliver(
      Array.from({ length: 60 }, (_one, index) =>
        unresolved({ classification: classified({ severity: 'critical', groupKey: `fp-${index}` }) }),
      ),
    );
    const component = await start(60_000, Date.now);
    const open = async () => bench.rows(`SELECT FROM effects WHERE channel = 'slack' AND state <> 'done'`);
    try {
      await until(async () => (await open()).length === 0);
    } finally {
      await component.stop(5_000);
    }
    expect(slack.objects.size).toBe(60);
    expect(slack.calls.length).toBeLessThanOrEqual(6); // three full digests, and some that were not full
    const [tries] = await bench.rows<{ n: number }>(
      `SELECT sum(attempts)::int AS n FROM effects WHERE channel = 'slack'`,
    );
    expect(tries?.n).toBe(60);
  });

  it('finds what a dead worker left behind', async () => {
    await critical();
    // As a worker that was killed leaves them: locked, and nobody to unlock them for hours.
    await bench.rows(`UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'dead'`);
    bench.now += 10_000;
    const component = await start(100, () => bench.now);
    try {
      await until(() => linear.calls.length === 1 && slack.calls.length === 1 && webhook.calls.length === 1);
    } finally {
      await component.stop(5_000);
    }
    expect([linear, slack, webhook].map(({ calls }) => calls.length)).toEqual([1, 1, 1]);
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { act, incidentActions } from '../domain/act.ts';
import { EscalatorBench } from '../testing/escalator-bench.ts';
import { classified, unresolved } from '../testing/sample-record.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { incidentOf, type IncidentRow } from './incident-row.ts';

let database: TestDatabase;
let bench: EscalatorBench;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.drop());
beforeEach(async () => {
  await database.pool.query(
    'TRUNCATE incidents, incident_records, incident_transitions, effects, mailbox, silences, channel_gates, outbox, outbox_shards CASCADE',
  );
  bench = new EscalatorBench(database.pool);
});

/** The only element. */
function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`${list.length} instead of one`);
  return first;
}

const records = (count: number, groupKey = 'fp-dns') =>
  Array.from({ length: count }, () => unresolved({ classification: classified({ groupKey }) }));

describe('notifier over a real Postgres', () => {
  it('makes one incident of 200 records of a group, though three instances take them at once', async () => {
    const all = records(200);
    await Promise.all([
      bench.deliver(all.slice(0, 80)),
      bench.deliver(all.slice(80, 120)),
      bench.deliver(all.slice(120)),
    ]);
    expect(await bench.rows('SELECT status, records, episode FROM incidents')).toEqual([
      { status: 'open', records: '200', episode: 1 },
    ]);
    expect(await bench.rows('SELECT count(*)::int AS n FROM incident_records')).toEqual([{ n: 200 }]);
    await bench.advance(30_000);
    expect(await bench.rows('SELECT channel, kind, class FROM effects ORDER BY channel')).toEqual([
      { channel: 'linear', kind: 'open', class: 'A' },
      { channel: 'slack', kind: 'open', class: 'B' },
      { channel: 'webhook', kind: 'open', class: 'A' },
    ]);
    expect(await bench.rows(`SELECT shard, seq, topic FROM outbox`)).toEqual([
      { shard: 'incidents', seq: '1', topic: 'errors.incidents' },
    ]);
  });

  it('takes many groups at once from several instances, and none waits for another for ever', async () => {
    const batches = Array.from({ length: 4 }, (_one, batch) =>
      Array.from({ length: 50 }, (_two, index) =>
        only(records(1, `fp-${(index * (batch % 2 === 0 ? 1 : 49)) % 50}`)),
      ),
    );
    await Promise.all(batches.map(async (batch) => bench.deliver(batch)));
    const rows = await bench.rows<{ records: string }>('SELECT records FROM incidents');
    expect(rows.reduce((sum, { records: n }) => sum + Number(n), 0)).toBe(200);
    expect(await bench.rows('SELECT max(seq)::int AS last, count(*)::int AS n FROM outbox')).toEqual([
      { last: rows.length, n: rows.length },
    ]);
  });

  it('leaves nothing behind where the transaction of the inbox does not commit', async () => {
    const broken = {
      ...bench.escalated(unresolved()),
      coordinate: { topicId: 't', partition: 2 ** 40, offset: 0 },
    };
    await expect(bench.deliver([broken])).rejects.toThrow('invalid "int"');
    for (const table of ['incidents', 'incident_transitions', 'effects', 'outbox', 'outbox_shards']) {
      expect(await bench.rows(`SELECT count(*)::int AS n FROM ${table}`)).toEqual([{ n: 0 }]);
    }
  });

  it('stores what Postgres cannot hold as it comes: NUL, halves of surrogate pairs, huge keys', async () => {
    const hostile = 'a\u0000b\ud800c';
    const labels = { [hostile]: hostile };
    for (const groupKey of [hostile, 'x'.repeat(10_000)]) {
      await bench.deliver([
        unresolved(
          { classification: classified({ groupKey, title: hostile }) },
          { id: hostile, labels, repository: hostile },
        ),
      ]);
      await bench.deliver([
        unresolved({ classification: classified({ groupKey, title: hostile }) }, { id: hostile }),
      ]);
    }
    expect(await bench.rows('SELECT records, episode FROM incidents')).toEqual([
      { records: '2', episode: 1 },
      { records: '2', episode: 1 },
    ]);
  });

  it('opens again within the window, under the same id, and publishes each step once, in order', async () => {
    await bench.deliver(records(1));
    const [first] = await bench.rows<{ id: string }>('SELECT id FROM incidents');
    await bench.rows(`SELECT * FROM incident_act($1, 'resolve', 'ada', $2)`, [first?.id, bench.now]);
    await bench.deliver(records(1));
    await bench.advance(0);
    expect(
      await bench.rows(
        'SELECT sequence, from_status, to_status, reason, actor, published FROM incident_transitions ORDER BY sequence',
      ),
    ).toEqual([
      {
        sequence: 0,
        from_status: null,
        to_status: 'open',
        reason: 'first-record',
        actor: null,
        published: true,
      },
      {
        sequence: 1,
        from_status: 'open',
        to_status: 'resolved',
        reason: 'resolved',
        actor: 'ada',
        published: true,
      },
      {
        sequence: 2,
        from_status: 'resolved',
        to_status: 'open',
        reason: 'recurrence',
        actor: null,
        published: true,
      },
    ]);
    expect(await bench.rows('SELECT seq::int FROM outbox ORDER BY seq')).toEqual([
      { seq: 1 },
      { seq: 2 },
      { seq: 3 },
    ]);
    expect(await bench.rows('SELECT id, episode FROM incidents')).toEqual([{ id: first?.id, episode: 1 }]);

    await bench.rows(`SELECT * FROM incident_act($1, 'resolve', 'ada', $2)`, [first?.id, bench.now]);
    bench.now += 24 * 3_600_000 + 1;
    await bench.deliver(records(1));
    expect(
      await bench.rows(`SELECT episode, detail ->> 'previous' AS previous FROM incidents ORDER BY episode`),
    ).toEqual([
      { episode: 1, previous: null },
      { episode: 2, previous: first?.id },
    ]);
  });

  it('expires once at the deadline', async () => {
    await bench.deliver(records(1));
    await bench.advance(24 * 3_600_000 - 1);
    expect(await bench.rows('SELECT status FROM incidents')).toEqual([{ status: 'open' }]);
    await bench.advance(1);
    await bench.advance(1_000);
    expect(await bench.rows('SELECT status, flush_at FROM incidents')).toEqual([
      { status: 'expired', flush_at: null },
    ]);
    expect(
      await bench.rows(`SELECT count(*)::int AS n FROM incident_transitions WHERE to_status = 'expired'`),
    ).toEqual([{ n: 1 }]);
    expect(await bench.rows(`SELECT channel FROM effects WHERE kind = 'expire' ORDER BY channel`)).toEqual(
      ['linear', 'pagerduty', 'slack', 'webhook'].map((channel) => ({ channel })),
    );
  });
});

describe('incident_act', () => {
  it.each(
    (['open', 'acknowledged', 'resolved', 'closed', 'expired'] as const).flatMap((status) =>
      incidentActions.map((action) => [status, action] as const),
    ),
  )('of a person in SQL is what the domain decides: %s, %s', async (status, action) => {
    await bench.deliver(records(1));
    const ended = status === 'open' || status === 'acknowledged' ? null : bench.now - 5;
    await bench.rows('UPDATE incidents SET status = $1, ended_at = $2', [status, ended]);
    const before = only(await bench.rows<IncidentRow>('SELECT * FROM incidents'));
    const incident = incidentOf(before);
    const expected = act(incident, action, 'ada', bench.now);
    const [answer] = await bench.rows<{ done: boolean }>('SELECT * FROM incident_act($1, $2, $3, $4)', [
      incident.id,
      action,
      'ada',
      bench.now,
    ]);
    const after = only(await bench.rows<IncidentRow>('SELECT * FROM incidents'));
    expect(answer?.done).toBe(expected !== undefined);
    expect(incidentOf(after)).toEqual(expected?.incident ?? incident);
    const made = await bench.rows<{ body: object }>(
      'SELECT body FROM incident_transitions WHERE sequence > 0',
    );
    expect(made.map(({ body }) => body)).toEqual(expected?.transitions ?? []);
  });

  it('says where there is no such incident, and refuses what it does not know', async () => {
    expect(await bench.rows(`SELECT * FROM incident_act('nobody', 'resolve', 'ada')`)).toEqual([]);
    await expect(bench.rows(`SELECT * FROM incident_act('x', 'explode', 'ada')`)).rejects.toThrow(
      'no such action',
    );
    await expect(bench.rows(`SELECT * FROM incident_act('x', 'resolve', '')`)).rejects.toThrow(
      'an actor is required',
    );
  });

  it('has the hash of SHA-256 that the contract says', async () => {
    await bench.deliver(records(1));
    const [row] = await bench.rows<{ incident_id: string; transition_id: string }>(
      'SELECT incident_id, transition_id FROM incident_transitions',
    );
    const text = `19:incident-transition;36:${row?.incident_id};1:0;`;
    expect(row?.transition_id).toBe(createHash('sha256').update(text).digest('hex').slice(0, 32));
  });
});

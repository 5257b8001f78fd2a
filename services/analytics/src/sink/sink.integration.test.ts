import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Outcome } from '@faultline/schemas';
import { seededRandom } from '@faultline/stream';
import { generatedLine, rangeOutcome } from '../testing/generated-line.ts';
import { inTransaction, testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { SinkState, writeBatch } from './write-batch.ts';
import { settleRanges } from '../ledger/settle.ts';
import { LEDGER_GRACE_MS, readLine } from '../ledger/read-line.ts';
import { recountDifferences } from '../testing/recount.ts';

const serverUrl = process.env['FAULTLINE_TEST_DATABASE_URL'];
const START = Date.UTC(2026, 2, 1, 22);
const topicId = 'aaaaaaaaaaaaaaaaaaaaaA';

describe.skipIf(serverUrl === undefined)('the sink, over a real Postgres', () => {
  let database: TestDatabase;
  const state = new SinkState();
  beforeAll(async () => {
    database = await testDatabase(serverUrl ?? '', 'sink');
  });
  afterAll(async () => database.drop());
  beforeEach(async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
       where nspname = 'public' and relkind in ('r', 'p') and not relispartition and relname = any($1)`,
      [
        [
          'outcomes',
          'records',
          'minute_counts',
          'period_counts',
          'moves',
          'durations',
          'groups',
          'group_counts',
          'line_counters',
          'line_latency',
          'open_records',
          'dead_letters',
          'ranges',
          'proven',
          'ledger_violations',
          'observations',
        ],
      ],
    );
    await database.pool.query(`truncate ${rows.map(({ name }) => name).join(', ')}`);
  });

  const write = async (outcomes: readonly Outcome[], shard = 0): Promise<void> => {
    await inTransaction(database.pool, (client) =>
      writeBatch(client, { shard, outcomes, consumedAt: START }, state),
    );
  };
  const settle = async (now: number): Promise<void> =>
    inTransaction(database.pool, (client) => settleRanges(client, now));

  test('sums equal a recount of history after every batch, whatever the order, the batches and the repeats', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        async (seed, batchSize, shuffled) => {
          await database.pool.query(
            'truncate outcomes, records, open_records, dead_letters, minute_counts, period_counts, moves, durations, groups, group_counts, line_counters, line_latency, ranges, proven, ledger_violations',
          );
          const random = seededRandom(String(seed));
          const histories = [
            ...generatedLine({
              seed: String(seed),
              records: 24,
              from: START,
              to: START + 3 * 3_600_000,
              groups: 6,
              open: 0.3,
            }),
          ];
          const all = shardsOf(histories).map((outcomes) => {
            const repeated = outcomes.flatMap((outcome) => (random() < 0.1 ? [outcome, outcome] : [outcome]));
            return shuffled
              ? repeated
                  .map((outcome) => ({ outcome, at: random() }))
                  .toSorted((a, b) => a.at - b.at)
                  .map(({ outcome }) => outcome)
              : repeated;
          });
          for (const [shard, outcomes] of all.entries()) {
            for (let at = 0; at < outcomes.length; at += batchSize) {
              await write(outcomes.slice(at, at + batchSize), shard);
              expect(await recountDifferences(database.pool)).toEqual([]);
            }
          }
          const { rows } = await database.pool.query<{ n: number }>(
            'select count(*)::int as n from outcomes',
          );
          expect(rows[0]?.n).toBe(histories.reduce((sum, history) => sum + history.length, 0));
        },
      ),
      { numRuns: 6 },
    );
  });

  test('a batch that is written again changes nothing but the count of duplicates', async () => {
    const outcomes = [
      ...generatedLine({ seed: 'again', records: 50, from: START, to: START + 60_000, groups: 5 }),
    ].flat();
    await write(outcomes);
    const before = await dump();
    await write(outcomes);
    expect(await dump()).toEqual(before);
    const { rows } = await database.pool.query('select duplicates::int from line_counters');
    expect(rows).toEqual([{ duplicates: outcomes.length }]);
  });

  test('the state never goes back: the end stands, though an earlier transition comes later', async () => {
    const [history] = [...generatedLine({ seed: 'end', records: 1, from: START, to: START + 1, groups: 1 })];
    const outcomes = history ?? [];
    await write(outcomes.slice(-1));
    await write(outcomes.slice(0, -1));
    const { rows } = await database.pool.query(
      'select state, ended_at is not null as ended, category, fingerprint is not null as grouped from records',
    );
    expect(rows).toEqual([
      { state: outcomes.at(-1)?.to, ended: true, category: 'network.reset', grouped: true },
    ]);
    expect(await recountDifferences(database.pool)).toEqual([]);
  });

  test('a dead letter that does not know when its record was received ends that record all the same', async () => {
    const [history] = [
      ...generatedLine({ seed: 'dead', records: 1, from: START, to: START + 1, groups: 1, open: 1 }),
    ];
    const [first] = history ?? [];
    if (first === undefined) throw new Error('no outcome');
    const later = START + 3_600_000;
    await write([first]);
    await write([
      {
        ...first,
        id: 'a dead letter of another stage',
        stage: 'fixer',
        at: later,
        eventId: null,
        input: { topic: 'errors.fixable', partition: 0, offset: 7 },
        from: 'fixable',
        to: 'dead-lettered',
        reason: 'unexpected-exception',
        receivedAt: later,
        deadline: null,
        hops: 0,
        event: null,
        classification: null,
      },
    ]);
    const { rows } = await database.pool.query('select state, stage, ended_at::float8 from records');
    expect(rows).toEqual([{ state: 'dead-lettered', stage: 'fixer', ended_at: later }]);
    expect(await recountDifferences(database.pool)).toEqual([]);
  });

  test('late data lies in the partition of its own day, and retention drops whole days but none with a record in flight', async () => {
    const day = 86_400_000;
    const old = START - 40 * day;
    await write(
      [...generatedLine({ seed: 'old', records: 20, from: old, to: old + 1_000, groups: 3 })].flat(),
    );
    await write(
      [
        ...generatedLine({
          seed: 'open',
          records: 5,
          from: old + day,
          to: old + day + 1_000,
          groups: 3,
          open: 1,
          firstOffset: 100,
        }),
      ].flat(),
    );
    await write(
      [
        ...generatedLine({
          seed: 'new',
          records: 20,
          from: START,
          to: START + 1_000,
          groups: 3,
          firstOffset: 1_000,
        }),
      ].flat(),
    );
    const { rows: days } = await database.pool.query<{ day: string; n: number }>(
      'select tableoid::regclass::text as day, count(*)::int as n from records group by 1 order by 1',
    );
    expect(days).toEqual([
      { day: 'records_20260120', n: 20 },
      { day: 'records_20260121', n: 5 },
      { day: 'records_20260301', n: 20 },
    ]);
    const { rows } = await database.pool.query<{ gone: string[] }>(
      `select drop_days('records', $1) as gone`,
      [START - 30 * day],
    );
    expect(rows[0]?.gone).toEqual(['records_20260120']);
  });

  test('the ledger: contiguous ranges are proven, a lost record is unaccounted for, a gap and an overlap are told', async () => {
    const histories = [
      ...generatedLine({
        seed: 'ledger',
        records: 30,
        from: START,
        to: START + 1_000,
        groups: 4,
        partitions: 1,
      }),
    ];
    await write([rangeOutcome(START, topicId, 0, 0, 10), ...histories.slice(0, 10).flat()]);
    await write([rangeOutcome(START, topicId, 0, 10, 20), ...histories.slice(10, 19).flat()]);
    await settle(START);
    expect(await readLine(database.pool, START)).toMatchObject({ in: 20, inFlight: 1, unaccounted: 0 });
    const later = START + LEDGER_GRACE_MS + 1;
    expect(await readLine(database.pool, later)).toMatchObject({ in: 20, inFlight: 0, unaccounted: 1 });
    await write(histories[19] ?? []);
    await settle(later);
    expect(await readLine(database.pool, later)).toMatchObject({ in: 20, inFlight: 0, unaccounted: 0 });
    expect(
      (await database.pool.query('select from_offset::int, to_offset::int, records::int from proven')).rows,
    ).toEqual([{ from_offset: 0, to_offset: 20, records: 20 }]);
    await write([rangeOutcome(START, topicId, 0, 25, 30), ...histories.slice(25, 30).flat()]);
    await settle(later);
    expect(await readLine(database.pool, later + LEDGER_GRACE_MS + 1)).toMatchObject({ unaccounted: 5 });
    await write([rangeOutcome(START, topicId, 0, 18, 22), rangeOutcome(START, topicId, 0, 0, 10)]);
    expect(
      (await database.pool.query('select kind, from_offset::int, to_offset::int from ledger_violations'))
        .rows,
    ).toEqual([{ kind: 'overlap', from_offset: 18, to_offset: 22 }]);
    await write([rangeOutcome(START, topicId, 0, 20, 25), ...histories.slice(20, 25).flat()]);
    await settle(later);
    expect(await readLine(database.pool, later + LEDGER_GRACE_MS + 1)).toMatchObject({
      in: 30,
      unaccounted: 0,
    });
  });

  test('in = resolved + suppressed + deadLettered + escalated + inFlight while shards are read at their own pace', async () => {
    const histories = [
      ...generatedLine({ seed: 'pace', records: 60, from: START, to: START + 1_000, groups: 4, open: 0.2 }),
    ];
    await write(
      [0, 1, 2, 3].map((partition) =>
        rangeOutcome(
          START,
          topicId,
          partition,
          0,
          histories.filter(([first]) => first?.coordinate?.partition === partition).length,
        ),
      ),
      3,
    );
    for (const [shard, outcomes] of shardsOf(histories).entries()) {
      await write(outcomes, shard);
      await settle(START);
      const line = await readLine(database.pool, START);
      expect(line.in).toBe(60);
      expect(
        line.resolved +
          line.suppressed +
          line.deadLettered +
          line.escalated +
          line.inFlight +
          line.unaccounted,
      ).toBe(line.in);
      expect(line.unaccounted).toBe(0);
    }
    expect((await readLine(database.pool, START + 2 * 86_400_000)).overdue).toBe(
      (await readLine(database.pool, START)).inFlight,
    );
  });

  test('text that Postgres or an index has no place for does not stop the sink', async () => {
    const [history] = [...generatedLine({ seed: 'odd', records: 1, from: START, to: START + 1, groups: 1 })];
    const [first] = history ?? [];
    if (first?.event == null || first.classification === null) throw new Error('no event');
    await write([
      {
        ...first,
        eventId: `\u0000"\\{}${'x'.repeat(9_000)}`,
        why: 'nul \u0000 and \ud800',
        event: {
          ...first.event,
          repository: 'a\u0000b',
          message: '\u0000',
          environment: "'; drop table records; --",
        },
        classification: { ...first.classification, title: 'NULL', category: 'NULL', tool: '\ud800' },
      },
    ]);
    const { rows } = await database.pool.query('select repository, title, environment from records');
    expect(rows).toEqual([
      { repository: 'a\ufffdb', title: 'NULL', environment: "'; drop table records; --" },
    ]);
    expect(await recountDifferences(database.pool)).toEqual([]);
  });

  const dump = async (): Promise<unknown> => {
    const tables = [
      'records',
      'outcomes',
      'minute_counts',
      'period_counts',
      'moves',
      'durations',
      'group_counts',
      'line_latency',
    ];
    return Promise.all(
      tables.map(
        async (table) => (await database.pool.query(`select * from ${table} t order by t::text`)).rows,
      ),
    );
  };
});

/** Outcomes by the partition that the key, the event id, would send them to; each record's on one. */
function shardsOf(histories: readonly (readonly Outcome[])[]): readonly Outcome[][] {
  const shards: Outcome[][] = [[], [], [], []];
  histories.forEach((history, index) => shards[index % 4]?.push(...history));
  return shards;
}

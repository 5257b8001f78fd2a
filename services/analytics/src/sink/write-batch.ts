import { type Coordinate, type Outcome } from '@faultline/schemas';
import type { PoolClient } from 'pg';
import { label } from '../domain/line/fold-outcome.ts';
import { encodeBodies } from '../domain/outcome-body.ts';
import { planBatch, touchedBy, type BatchPlan, type NewOutcome } from '../domain/line/plan-batch.ts';
import { writeRecords } from './write-records.ts';
import { counterTable, groupCountColumns, groupCountTail, sumTables } from './sink-tables.ts';
import { Sources } from './sources.ts';
import { BodySchema } from './body-schemas.ts';
import { KnownRows } from './known-rows.ts';
import { writeDeadLetters } from './write-dead-letters.ts';
import { arrayLiteral, insertRows } from './unnest.ts';
import { writeRanges } from './write-ranges.ts';

const DAY_MS = 86_400_000;

/** A batch of one partition of errors.outcomes. */
export interface OutcomeBatch {
  /** Partition of errors.outcomes. */
  readonly shard: number;
  readonly outcomes: readonly Outcome[];
  /** Latest time at which the broker took one of them. */
  readonly consumedAt: number;
}

/** What a sink remembers from batch to batch. */
export class SinkState {
  readonly sources = new Sources();
  readonly schema = new BodySchema();
  readonly rows = new KnownRows();
}

/**
 * Writes a batch into history, current states, sums and ledger. It must run in one transaction, in which the offset
 * of the batch moves too; shards may be written at the same time.
 */
export async function writeBatch(
  client: PoolClient,
  batch: OutcomeBatch,
  state: SinkState,
): Promise<BatchPlan> {
  const { shard, outcomes } = batch;
  const numbers = await state.sources.numbers(client, topicIdsOf(outcomes));
  const touched = touchedBy(outcomes);
  await ensureDays(client, outcomes, [...touched.values()]);
  const plan = planBatch(outcomes, await state.rows.read(client, touched, numbers));
  const sourceOf = ({ topicId }: Coordinate): number => numbers.get(topicId) ?? -1;
  await insertOutcomes(client, plan.outcomes, await state.schema.number(client), sourceOf);
  await writeRecords(client, plan.rows, sourceOf);
  const rows = plan.rows.map(({ after }) => after);
  state.rows.written(rows, await transactionId(client));
  await writeDeadLetters(client, rows, sourceOf);
  const ranges = await writeRanges(client, plan.ranges, numbers);
  await writeSums(client, shard, plan);
  await writeGroups(client, shard, plan);
  await writeDoubleEnds(client, plan, sourceOf);
  const [counters] = plan.sums.counters.rows();
  await insertRows(
    client,
    counterTable.table,
    counterTable.columns,
    [
      [
        shard,
        ...(counters ?? [0, 0, 0, 0, 0]),
        ranges.received,
        plan.doubleEnds.length,
        plan.duplicates + ranges.duplicates,
      ],
    ],
    counterTable.tail,
  );
  await client.query('update line_counters set consumed_at = greatest(consumed_at, $2) where shard = $1', [
    shard,
    batch.consumedAt,
  ]);
  return plan;
}

/** History of a batch: the bodies go as one run of bytes, which costs no escape. */
async function insertOutcomes(
  client: PoolClient,
  outcomes: readonly NewOutcome[],
  schema: number,
  sourceOf: (at: Coordinate) => number,
): Promise<void> {
  if (outcomes.length === 0) return;
  const { bytes, lengths } = encodeBodies(outcomes.map(({ outcome }) => outcome));
  let start = 1;
  const rows = outcomes.map(({ coordinate, outcome }, index) => {
    const length = lengths[index] ?? 0;
    const row = [
      outcome.at,
      sourceOf(coordinate),
      coordinate.partition,
      coordinate.offset,
      outcome.hops,
      start,
      length,
    ];
    start += length;
    return row;
  });
  await client.query({
    name: 'insert outcomes',
    text: `insert into outcomes (at, source, raw_partition, raw_offset, hops, schema, body)
      select k.at, k.source, k.part, k.off, k.hops, $8::smallint, substring($9::bytea from k.start for k.len)
      from unnest($1::text::bigint[], $2::text::smallint[], $3::text::int[], $4::text::bigint[], $5::text::int[],
        $6::text::int[], $7::text::int[]) as k(at, source, part, off, hops, start, len)`,
    values: [...[0, 1, 2, 3, 4, 5, 6].map((column) => arrayLiteral(rows, column)), schema, bytes],
  });
}

function topicIdsOf(outcomes: readonly Outcome[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { coordinate, range } of outcomes) {
    if (coordinate !== null) ids.add(coordinate.topicId);
    if (range !== null) ids.add(range.topicId);
  }
  return ids;
}

/** Number of this transaction as it stands in the rows that it writes. */
async function transactionId(client: PoolClient): Promise<string> {
  const { rows } = await client.query<{ xid: string }>({
    name: 'transaction id',
    text: 'select pg_current_xact_id()::xid::text as xid',
  });
  return rows[0]?.xid ?? '';
}

async function ensureDays(
  client: PoolClient,
  outcomes: readonly Outcome[],
  touched: readonly { readonly receivedAt: number }[],
): Promise<void> {
  const days = (times: readonly number[]): number[] =>
    [...new Set(times.map((at) => Math.floor(at / DAY_MS)))].toSorted((a, b) => a - b);
  await client.query({
    name: 'ensure days',
    text: `select ensure_days('records', $1), ensure_days('outcomes', $2)`,
    values: [days(touched.map(({ receivedAt }) => receivedAt)), days(outcomes.map(({ at }) => at))],
  });
}

async function writeSums(client: PoolClient, shard: number, plan: BatchPlan): Promise<void> {
  const sums = { ...plan.sums, moves: plan.moves };
  for (const name of ['minutes', 'periods', 'durations', 'latency', 'open', 'moves'] as const) {
    const { table, columns, tail } = sumTables[name];
    await insertRows(
      client,
      table,
      columns,
      sums[name].rows().map((row) => [shard, ...row]),
      tail,
    );
  }
}

async function writeGroups(client: PoolClient, shard: number, plan: BatchPlan): Promise<void> {
  // in the order of the key, so that two shards that meet new groups wait for each other in one direction
  const sightings = [...plan.groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await insertRows(
    client,
    'groups',
    [
      'fingerprint',
      'title',
      'category',
      'error_type',
      'severity',
      'tool',
      'cause',
      'remedy',
      'repository',
    ].map((name) => [name, 'text'] as const),
    sightings.map(([fingerprint, { classification, repository }]) => [
      fingerprint,
      label(classification.title),
      label(classification.category),
      label(classification.errorType),
      classification.severity,
      label(classification.tool),
      label(classification.cause),
      label(classification.remedy),
      repository,
    ]),
    'on conflict do nothing',
  );
  const NEVER = 9_007_199_254_740_991; // no sighting: the earliest of nothing
  const counts = new Map(plan.sums.groups.rows().map((row) => [row[0] as string, row]));
  for (const fingerprint of plan.groups.keys()) {
    if (!counts.has(fingerprint)) counts.set(fingerprint, [fingerprint, 0, 0, 0, 0, 0, 0, 0]);
  }
  await insertRows(
    client,
    'group_counts',
    groupCountColumns,
    [...counts].map(([fingerprint, row]) => {
      const sighting = plan.groups.get(fingerprint);
      return [
        shard,
        ...row,
        sighting?.firstAt ?? NEVER,
        sighting?.lastAt ?? 0,
        sighting?.lastEventId ?? null,
      ];
    }),
    groupCountTail,
  );
}

async function writeDoubleEnds(
  client: PoolClient,
  plan: BatchPlan,
  sourceOf: (at: Coordinate) => number,
): Promise<void> {
  await insertRows(
    client,
    'ledger_violations',
    [
      ['at', 'bigint'],
      ['kind', 'text'],
      ['source', 'smallint'],
      ['raw_partition', 'int'],
      ['from_offset', 'bigint'],
      ['to_offset', 'bigint'],
      ['detail', 'text'],
    ],
    plan.doubleEnds.map(({ coordinate, at, detail }) => [
      at,
      'double-end',
      sourceOf(coordinate),
      coordinate.partition,
      coordinate.offset,
      coordinate.offset + 1,
      label(detail),
    ]),
  );
}

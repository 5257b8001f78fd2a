import { coordinateText, type Coordinate, type Outcome } from '@faultline/schemas';
import type { PoolClient } from 'pg';
import { label } from '../domain/line/fold-outcome.ts';
import { storable } from '../domain/storable.ts';
import {
  planBatch,
  touchedBy,
  type BatchPlan,
  type NewOutcome,
  type Touched,
} from '../domain/line/plan-batch.ts';
import type { RecordRow } from '../domain/line/record-row.ts';
import {
  recordCells,
  recordColumns,
  recordOf,
  recordSelection,
  type StoredRecord,
} from './record-columns.ts';
import { counterTable, groupCountColumns, groupCountTail, sumTables } from './sink-tables.ts';
import type { Sources } from './sources.ts';
import { insertRows, type Cell, type Columns } from './unnest.ts';
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

/**
 * Writes a batch into history, current states, sums and ledger. It must run in one transaction, in which the offset
 * of the batch moves too; shards may be written at the same time.
 */
export async function writeBatch(
  client: PoolClient,
  batch: OutcomeBatch,
  sources: Sources,
): Promise<BatchPlan> {
  const { shard, outcomes } = batch;
  const numbers = await sources.numbers(client, topicIdsOf(outcomes));
  const touched = touchedBy(outcomes);
  await ensureDays(client, outcomes, [...touched.values()]);
  const plan = planBatch(outcomes, await existingRows(client, [...touched.values()], numbers));
  const sourceOf = ({ topicId }: Coordinate): number => numbers.get(topicId) ?? -1;
  await insertRows(
    client,
    'outcomes',
    outcomeColumns,
    plan.outcomes.map((fresh) => outcomeCells(fresh, sourceOf)),
  );
  await insertRows(
    client,
    'records',
    recordColumns,
    plan.rows.map((row) => recordCells(row, sourceOf(row.coordinate))),
    upsertRecord,
  );
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

const outcomeColumns: Columns = [
  ['at', 'bigint'],
  ['source', 'smallint'],
  ['raw_partition', 'int'],
  ['raw_offset', 'bigint'],
  ['id', 'uuid'],
  ['stage', 'text'],
  ['from_state', 'text'],
  ['to_state', 'text'],
  ['reason', 'text'],
  ['round', 'smallint'],
  ['hops', 'int'],
  ['input_topic', 'text'],
  ['input_partition', 'int'],
  ['input_offset', 'bigint'],
  ['body', 'text'],
];

function outcomeCells(
  { id, coordinate, outcome }: NewOutcome,
  sourceOf: (at: Coordinate) => number,
): readonly Cell[] {
  return [
    outcome.at,
    sourceOf(coordinate),
    coordinate.partition,
    coordinate.offset,
    id,
    outcome.stage,
    outcome.from,
    outcome.to,
    label(outcome.reason),
    outcome.round,
    outcome.hops,
    outcome.input?.topic ?? null,
    outcome.input?.partition ?? null,
    outcome.input?.offset ?? null,
    bodyOf(outcome),
  ];
}

/** What has no column, as JSON, without what is not known. */
function bodyOf(outcome: Outcome): string {
  const { why, versions, answers, event, classification, retry, fix, escalation, traceparent } = outcome;
  const parts = { why, versions, answers, event, classification, retry, fix, escalation, traceparent };
  return JSON.stringify(parts, (_, value: unknown) => {
    if (value === null) return undefined;
    return typeof value === 'string' ? storable(value) : value;
  });
}

const recordKey = ['raw_offset', 'raw_partition', 'source', 'received_at'];
const upsertRecord = `on conflict (${recordKey.join(', ')}) do update set ${recordColumns
  .filter(([name]) => !recordKey.includes(name))
  .map(([name]) => `${name} = excluded.${name}`)
  .join(', ')}`;

function topicIdsOf(outcomes: readonly Outcome[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { coordinate, range } of outcomes) {
    if (coordinate !== null) ids.add(coordinate.topicId);
    if (range !== null) ids.add(range.topicId);
  }
  return ids;
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

async function existingRows(
  client: PoolClient,
  touched: readonly Touched[],
  numbers: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, RecordRow>> {
  if (touched.length === 0) return new Map();
  const rows = await rowsAt(client, touched, numbers, true);
  // a dead letter of a later stage may not know when errors.raw took the record: its row lies on another day
  const lost = touched.filter(({ coordinate, first }) => !first && !rows.has(coordinateText(coordinate)));
  if (lost.length === 0) return rows;
  return new Map([...rows, ...(await rowsAt(client, lost, numbers, false))]);
}

async function rowsAt(
  client: PoolClient,
  touched: readonly Touched[],
  numbers: ReadonlyMap<string, number>,
  exactly: boolean,
): Promise<ReadonlyMap<string, RecordRow>> {
  const { rows } = await client.query<StoredRecord>({
    name: exactly ? 'records by key' : 'records by coordinate',
    // the limit keeps the planner at one probe of the key for each record
    text: `select ${recordSelection}
      from unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[]) as k(source, raw_partition, raw_offset, received_at)
      cross join lateral (
        select * from records x where x.raw_offset = k.raw_offset and x.raw_partition = k.raw_partition
          and x.source = k.source ${exactly ? 'and x.received_at = k.received_at' : ''} limit 1
      ) r join sources s on s.source = r.source`,
    values: [
      touched.map(({ coordinate }) => numbers.get(coordinate.topicId) ?? -1),
      touched.map(({ coordinate }) => coordinate.partition),
      touched.map(({ coordinate }) => coordinate.offset),
      touched.map(({ receivedAt }) => receivedAt),
    ],
  });
  return new Map(
    rows.map((stored) => {
      const row = recordOf(stored);
      return [coordinateText(row.coordinate), row];
    }),
  );
}

async function writeSums(client: PoolClient, shard: number, plan: BatchPlan): Promise<void> {
  const sums = { ...plan.sums, moves: plan.moves };
  for (const name of ['minutes', 'periods', 'durations', 'latency', 'moves'] as const) {
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

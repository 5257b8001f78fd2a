import { addOnConflict, type Columns } from './unnest.ts';

const five: Columns = [
  ['total', 'int'],
  ['resolved', 'int'],
  ['suppressed', 'int'],
  ['dead_lettered', 'int'],
  ['escalated', 'int'],
];
const fiveBig: Columns = five.map(([name]) => [name, 'bigint'] as const);

/** A table of sums: rows are added to what is there. */
export interface SumTable {
  readonly table: string;
  readonly columns: Columns;
  readonly tail: string;
}

const sumTable = (table: string, key: Columns, sums: Columns): SumTable => {
  const columns: Columns = [['shard', 'smallint'], ...key, ...sums];
  return { table, columns, tail: addOnConflict(table, ['shard', ...key.map(([name]) => name)], columns) };
};

/** Tables of sums; `shard` comes first in each row. */
export const sumTables = {
  minutes: sumTable(
    'minute_counts',
    [
      ['minute', 'bigint'],
      ['category', 'text'],
      ['severity', 'text'],
      ['environment', 'text'],
    ],
    five,
  ),
  periods: sumTable(
    'period_counts',
    [
      ['dimension', 'text'],
      ['grain', 'text'],
      ['bucket', 'int'],
      ['key', 'text'],
    ],
    [...five, ['attempts', 'int'], ['attempt_ms', 'bigint'], ['fixes', 'int'], ['fixed', 'int']],
  ),
  durations: sumTable(
    'durations',
    [
      ['grain', 'text'],
      ['bucket', 'int'],
      ['kind', 'text'],
      ['step', 'smallint'],
    ],
    [['n', 'int']],
  ),
  latency: sumTable('line_latency', [['step', 'smallint']], [['n', 'bigint']]),
  open: sumTable(
    'open_records',
    [
      ['kind', 'text'],
      ['bucket', 'int'],
    ],
    [['n', 'bigint']],
  ),
  moves: sumTable(
    'moves',
    [
      ['grain', 'text'],
      ['bucket', 'int'],
      ['stage', 'text'],
      ['from_state', 'text'],
      ['to_state', 'text'],
      ['reason', 'text'],
    ],
    [['n', 'int']],
  ),
} as const;

/** Columns of `line_counters` that a batch adds to. */
export const counterTable = sumTable(
  'line_counters',
  [],
  [
    ['seen', 'bigint'],
    ...fiveBig.slice(1),
    ['received', 'bigint'],
    ['double_ends', 'bigint'],
    ['duplicates', 'bigint'],
  ],
);

/** Columns of `group_counts`. */
export const groupCountColumns: Columns = [
  ['shard', 'smallint'],
  ['fingerprint', 'text'],
  ...fiveBig,
  ['attempts', 'bigint'],
  ['attempt_ms', 'bigint'],
  ['first_at', 'bigint'],
  ['last_at', 'bigint'],
  ['last_event_id', 'text'],
];

/** Adds counts, widens the span and keeps the id of the last. */
export const groupCountTail = `on conflict (fingerprint, shard) do update set ${[
  ...fiveBig.map(([name]) => name),
  'attempts',
  'attempt_ms',
]
  .map((name) => `${name} = group_counts.${name} + excluded.${name}`)
  .join(', ')},
  first_at = least(group_counts.first_at, excluded.first_at),
  last_at = greatest(group_counts.last_at, excluded.last_at),
  last_event_id = case when excluded.last_at >= group_counts.last_at
    then coalesce(excluded.last_event_id, group_counts.last_event_id) else group_counts.last_event_id end`;

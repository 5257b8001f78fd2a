import type { Coordinate } from '@faultline/schemas';
import type { PoolClient } from 'pg';
import type { RecordRow } from '../domain/line/record-row.ts';
import { recordCells, recordColumns } from './record-columns.ts';
import { arrayLiteral, insertRows, type Columns } from './unnest.ts';

const DAY_MS = 86_400_000;

/** A row before a batch and behind it. */
export interface ChangedRow {
  readonly before: RecordRow | undefined;
  readonly after: RecordRow;
}

const key = ['raw_offset', 'raw_partition', 'source', 'received_at'];
/** Columns that a transition changes; the others come with the first one. */
const moving = new Set([
  'updated_at',
  'ended_at',
  'first_action_at',
  'next_at',
  'attempt_ms',
  'hops',
  'attempts',
  'round',
  'fix_proposed',
  'fix_applied',
  'state',
  'stage',
  'reason',
  'level',
  'incident_id',
  'seen',
]);
const movingColumns: Columns = recordColumns.filter(([name]) => moving.has(name) || key.includes(name));
const movingIndexes = movingColumns.map((column) => recordColumns.indexOf(column));

const replaceAll = `on conflict (${key.join(', ')}) do update set ${recordColumns
  .filter(([name]) => !key.includes(name))
  .map(([name]) => `${name} = excluded.${name}`)
  .join(', ')}`;

/**
 * Writes rows of records: new ones are inserted, those that only moved are updated in their day, in place where no
 * index is concerned, and the few that learned more are written whole.
 */
export async function writeRecords(
  client: PoolClient,
  rows: readonly ChangedRow[],
  sourceOf: (at: Coordinate) => number,
): Promise<void> {
  const cells = ({ after }: ChangedRow): ReturnType<typeof recordCells> =>
    recordCells(after, sourceOf(after.coordinate));
  const fresh = rows.filter(({ before }) => before === undefined);
  const moved = rows.filter(({ before, after }) => before !== undefined && onlyMoved(before, after));
  const others = rows.filter(({ before, after }) => before !== undefined && !onlyMoved(before, after));
  await insertRows(client, 'records', recordColumns, fresh.map(cells));
  for (const [day, ofDay] of byDay(moved)) await updateDay(client, day, ofDay.map(cells));
  await insertRows(client, 'records', recordColumns, others.map(cells), replaceAll);
}

const onlyMoved = (before: RecordRow, after: RecordRow): boolean =>
  before.receivedAt === after.receivedAt &&
  before.occurredAt === after.occurredAt &&
  before.deadline === after.deadline &&
  before.eventId === after.eventId &&
  before.category === after.category &&
  before.errorType === after.errorType &&
  before.severity === after.severity &&
  before.environment === after.environment &&
  before.repository === after.repository &&
  before.fingerprint === after.fingerprint &&
  before.title === after.title &&
  before.tool === after.tool &&
  before.operation === after.operation;

function byDay(rows: readonly ChangedRow[]): ReadonlyMap<number, readonly ChangedRow[]> {
  const days = new Map<number, ChangedRow[]>();
  for (const row of rows) {
    const day = Math.floor(row.after.receivedAt / DAY_MS);
    const list = days.get(day);
    if (list === undefined) days.set(day, [row]);
    else list.push(row);
  }
  return days;
}

async function updateDay(
  client: PoolClient,
  day: number,
  rows: readonly ReturnType<typeof recordCells>[],
): Promise<void> {
  const table = `records_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
  const names = movingColumns.map(([name]) => name);
  const arrays = movingColumns.map(([, type], index) => `$${index + 1}::text::${type}[]`).join(', ');
  await client.query({
    name: `move ${table}`,
    text: `update ${table} r set ${names
      .filter((name) => !key.includes(name))
      .map((name) => `${name} = k.${name}`)
      .join(', ')}
      from unnest(${arrays}) as k(${names.join(', ')})
      where ${key.map((name) => `r.${name} = k.${name}`).join(' and ')}`,
    values: movingIndexes.map((index) => arrayLiteral(rows, index)),
  });
}

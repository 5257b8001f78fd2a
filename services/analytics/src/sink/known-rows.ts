import { coordinateText, type Coordinate } from '@faultline/schemas';
import type { PoolClient } from 'pg';
import type { Touched } from '../domain/line/plan-batch.ts';
import type { RecordRow } from '../domain/line/record-row.ts';
import { recordOf, recordSelection, type StoredRecord } from './record-columns.ts';

/** Rows that are remembered, about 1 KB each. */
const MOST_ROWS = 30_000;

/**
 * Rows of records as they were last written or read here. A remembered row is used only where the row in Postgres still
 * is the version that this process wrote, by the transaction that wrote it: after a rollback, or a write of another
 * process, it is another one, and is read whole.
 */
export class KnownRows {
  readonly #rows = new Map<string, { readonly row: RecordRow; readonly xid: string }>();

  /** Remembers rows that the current transaction writes. */
  written(rows: readonly RecordRow[], xid: string): void {
    for (const row of rows) {
      const key = coordinateText(row.coordinate);
      this.#rows.delete(key);
      // what has ended is seldom asked for again
      if (row.endedAt === null) this.#rows.set(key, { row, xid });
    }
    for (const key of this.#rows.keys()) {
      if (this.#rows.size <= MOST_ROWS) break;
      this.#rows.delete(key);
    }
  }

  /** Rows of the records that a batch touches, where there are any. */
  async read(
    client: PoolClient,
    touched: ReadonlyMap<string, Touched>,
    numbers: ReadonlyMap<string, number>,
  ): Promise<ReadonlyMap<string, RecordRow>> {
    const found = new Map<string, RecordRow>();
    if (touched.size === 0) return found;
    const known = [...touched].filter(([key]) => this.#rows.has(key));
    const versions = await versionsAt(
      client,
      known.map(([, one]) => one),
      numbers,
    );
    known.forEach(([key], index) => {
      const row = this.#rows.get(key);
      if (row !== undefined && row.xid === versions[index]) found.set(key, row.row);
    });
    const unknown = [...touched].filter(([key]) => !found.has(key)).map(([, one]) => one);
    for (const row of await rowsAt(client, unknown, numbers, true))
      found.set(coordinateText(row.coordinate), row);
    // a dead letter of a later stage may not know when errors.raw took the record: its row lies on another day
    const lost = unknown.filter(({ coordinate, first }) => !first && !found.has(coordinateText(coordinate)));
    for (const row of await rowsAt(client, lost, numbers, false))
      found.set(coordinateText(row.coordinate), row);
    return found;
  }
}

const keysOf = (touched: readonly Touched[], numbers: ReadonlyMap<string, number>): number[][] => [
  touched.map(({ coordinate }: { readonly coordinate: Coordinate }) => numbers.get(coordinate.topicId) ?? -1),
  touched.map(({ coordinate }) => coordinate.partition),
  touched.map(({ coordinate }) => coordinate.offset),
  touched.map(({ receivedAt }) => receivedAt),
];

const keys = 'unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[])';
const probe = `from records x where x.source = k.source and x.raw_partition = k.raw_partition
  and x.raw_offset = k.raw_offset`;

/** The transaction that wrote each row; null where there is none. */
async function versionsAt(
  client: PoolClient,
  touched: readonly Touched[],
  numbers: ReadonlyMap<string, number>,
): Promise<readonly (string | null)[]> {
  if (touched.length === 0) return [];
  const { rows } = await client.query<[string | null]>({
    name: 'versions of records',
    text: `select (select x.xmin::text ${probe} and x.received_at = k.received_at limit 1)
      from ${keys} with ordinality as k(source, raw_partition, raw_offset, received_at, i) order by k.i`,
    values: keysOf(touched, numbers),
    rowMode: 'array',
  });
  return rows.map(([xid]) => xid);
}

async function rowsAt(
  client: PoolClient,
  touched: readonly Touched[],
  numbers: ReadonlyMap<string, number>,
  exactly: boolean,
): Promise<readonly RecordRow[]> {
  if (touched.length === 0) return [];
  const { rows } = await client.query<StoredRecord>({
    name: exactly ? 'records by key' : 'records by coordinate',
    // the limit keeps the planner at one probe of the key for each record
    text: `select ${recordSelection}
      from ${keys} as k(source, raw_partition, raw_offset, received_at)
      cross join lateral (
        select * ${probe} ${exactly ? 'and x.received_at = k.received_at' : ''} limit 1
      ) r join sources s on s.source = r.source`,
    values: keysOf(touched, numbers),
  });
  return rows.map(recordOf);
}

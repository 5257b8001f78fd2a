import type { PoolClient } from 'pg';
import { acceptRanges, type Reported, type Stretch } from '../domain/line/accept-ranges.ts';
import { insertRows } from './unnest.ts';

/** What the reports of a batch came to. */
export interface RangesWritten {
  readonly received: number;
  readonly duplicates: number;
}

/** Writes the ranges that a batch reports; contradictions go to `ledger_violations`. */
export async function writeRanges(
  client: PoolClient,
  reported: readonly Reported[],
  sources: ReadonlyMap<string, number>,
): Promise<RangesWritten> {
  if (reported.length === 0) return { received: 0, duplicates: 0 };
  const sourceOf = (topicId: string): number => sources.get(topicId) ?? -1;
  const { fresh, duplicates, overlaps } = acceptRanges(
    reported,
    await neighbours(client, reported, sourceOf),
  );
  await insertRows(
    client,
    'ranges',
    [
      ['source', 'smallint'],
      ['raw_partition', 'int'],
      ['from_offset', 'bigint'],
      ['to_offset', 'bigint'],
      ['records', 'bigint'],
      ['reported_at', 'bigint'],
    ],
    fresh.map(({ range, at }) => [
      sourceOf(range.topicId),
      range.partition,
      range.from,
      range.to,
      range.count,
      at,
    ]),
  );
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
    overlaps.map(({ range, at }) => [
      at,
      'overlap',
      sourceOf(range.topicId),
      range.partition,
      range.from,
      range.to,
      `${range.count} records reported again in part`,
    ]),
  );
  return { received: fresh.reduce((sum, { range }) => sum + range.count, 0), duplicates };
}

/** For each reported range the last stretch that begins before its end, from both tables. */
async function neighbours(
  client: PoolClient,
  reported: readonly Reported[],
  sourceOf: (topicId: string) => number,
): Promise<readonly Stretch[]> {
  const { rows } = await client.query<Stretch>({
    name: 'range neighbours',
    text: `select distinct s.topic_id as "topicId", g.p as partition,
        n.from_offset::float8 as "from", n.to_offset::float8 as "to"
      from unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[]) as g(s, p, f, t)
      join sources s on s.source = g.s
      cross join lateral (
        (select from_offset, to_offset from ranges
          where source = g.s and raw_partition = g.p and from_offset < g.t order by from_offset desc limit 1)
        union all
        (select from_offset, to_offset from proven
          where source = g.s and raw_partition = g.p and from_offset < g.t order by from_offset desc limit 1)
      ) n where n.to_offset > g.f`,
    values: [
      reported.map(({ range }) => sourceOf(range.topicId)),
      reported.map(({ range }) => range.partition),
      reported.map(({ range }) => range.from),
      reported.map(({ range }) => range.to),
    ],
  });
  return rows;
}

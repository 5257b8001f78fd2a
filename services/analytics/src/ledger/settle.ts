import type { PoolClient } from 'pg';
import { joinSpans, type Span } from '../domain/line/prove-ranges.ts';
import { insertRows } from '../sink/unnest.ts';

/** Ranges that one round looks at. */
const MOST_RANGES = 5_000;
/** Longest wait between two counts of an incomplete range. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Counts the records of reported ranges, each about once: a range whose records are all there moves into `proven`.
 * An incomplete one is counted again after as long as it is old, at most half a minute. One at a time settles.
 */
export async function settleRanges(client: PoolClient, now: number): Promise<void> {
  const { rows: lock } = await client.query<{ taken: boolean }>(
    `select pg_try_advisory_xact_lock(hashtext('faultline ledger')) as taken`,
  );
  if (lock[0]?.taken !== true) return;
  const { rows: due } = await client.query<Span>(
    `select source, raw_partition as partition, from_offset::float8 as "from", to_offset::float8 as "to",
       records::float8 as records
     from ranges where checked_at is null or $1 - checked_at >= least(checked_at - reported_at, $2)
     order by source, raw_partition, from_offset limit $3`,
    [now, LONGEST_WAIT_MS, MOST_RANGES],
  );
  if (due.length === 0) return;
  const stretches = joinSpans(due);
  const stretchCounts = await countRecords(client, stretches);
  const complete = stretches.filter((stretch, index) => stretchCounts[index] === stretch.records);
  const rest = due.filter((range) => !complete.some((stretch) => contains(stretch, range)));
  const counts = await countRecords(client, rest);
  const incomplete: { range: Span; found: number }[] = [];
  const singles: Span[] = [];
  rest.forEach((range, index) => {
    const found = counts[index] ?? 0;
    if (found === range.records) singles.push(range);
    else incomplete.push({ range, found });
  });
  await prove(client, [...complete, ...singles], now);
  await note(client, incomplete, now);
}

const contains = (stretch: Span, range: Span): boolean =>
  stretch.source === range.source &&
  stretch.partition === range.partition &&
  stretch.from <= range.from &&
  range.to <= stretch.to;

async function countRecords(client: PoolClient, spans: readonly Span[]): Promise<number[]> {
  if (spans.length === 0) return [];
  const { rows } = await client.query<{ n: number }>(
    `select c.n::float8 as n from unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[]) with ordinality as k(s, p, f, t, i)
     cross join lateral (
       select count(*) as n from records
       where source = k.s and raw_partition = k.p and raw_offset >= k.f and raw_offset < k.t
     ) c order by k.i`,
    columnsOf(spans),
  );
  return rows.map(({ n }) => n);
}

async function prove(client: PoolClient, spans: readonly Span[], now: number): Promise<void> {
  if (spans.length === 0) return;
  await client.query(
    `delete from ranges r using unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[]) as k(s, p, f, t)
     where r.source = k.s and r.raw_partition = k.p and r.from_offset >= k.f and r.to_offset <= k.t`,
    columnsOf(spans),
  );
  const { rows: before } = await client.query<Span>(
    `select source, raw_partition as partition, from_offset::float8 as "from", to_offset::float8 as "to",
       records::float8 as records from proven`,
  );
  const key = (span: Span): string => [span.source, span.partition, span.from, span.to].join('/');
  const after = joinSpans([...before, ...spans]);
  const kept = new Set(after.map(key));
  const known = new Set(before.map(key));
  const gone = before.filter((span) => !kept.has(key(span)));
  await client.query(
    `delete from proven r using unnest($1::smallint[], $2::int[], $3::bigint[]) as k(s, p, f)
     where r.source = k.s and r.raw_partition = k.p and r.from_offset = k.f`,
    columnsOf(gone).slice(0, 3),
  );
  await insertRows(
    client,
    'proven',
    [
      ['source', 'smallint'],
      ['raw_partition', 'int'],
      ['from_offset', 'bigint'],
      ['to_offset', 'bigint'],
      ['records', 'bigint'],
      ['proven_at', 'bigint'],
    ],
    after
      .filter((span) => !known.has(key(span)))
      .map(({ source, partition, from, to, records }) => [source, partition, from, to, records, now]),
  );
}

async function note(
  client: PoolClient,
  incomplete: readonly { readonly range: Span; readonly found: number }[],
  now: number,
): Promise<void> {
  if (incomplete.length === 0) return;
  await client.query(
    `update ranges r set found = k.n, checked_at = $5
     from unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[]) as k(s, p, f, n)
     where r.source = k.s and r.raw_partition = k.p and r.from_offset = k.f`,
    [
      ...columnsOf(incomplete.map(({ range }) => range)).slice(0, 3),
      incomplete.map(({ found }) => found),
      now,
    ],
  );
}

const columnsOf = (spans: readonly Span[]): number[][] => [
  spans.map(({ source }) => source),
  spans.map(({ partition }) => partition),
  spans.map(({ from }) => from),
  spans.map(({ to }) => to),
];

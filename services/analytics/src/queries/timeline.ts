import type { Pool } from 'pg';
import { grainMs, type Grain, type Window } from './window.ts';

/** What a series is split by. */
export const splits = ['outcome', 'category', 'severity', 'environment'] as const;
/** What a series is split by. */
export type Split = (typeof splits)[number];

/** A series of counts, one list for each part, a count for each bucket. */
export interface Timeline {
  readonly v: 1;
  readonly grain: Grain;
  /** Start of each bucket, in milliseconds since the epoch. */
  readonly at: readonly number[];
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[];
}

const outcomes = ['resolved', 'suppressed', 'dead_lettered', 'escalated'] as const;
/** Parts that have a series of their own; the others are one. */
const MOST_SERIES = 8;

interface Cell {
  readonly bucket: number;
  readonly name: string;
  readonly n: number;
}

/** Errors by the time at which they happened. */
export async function readTimeline(pool: Pool, window: Window, by: Split): Promise<Timeline> {
  const { rows } = await pool.query<Cell>({
    name: `timeline ${window.grain} ${by}`,
    text: by === 'outcome' ? byOutcome(window.grain) : byDimension(window.grain, by),
    values: [window.first, window.last],
  });
  return { v: 1, ...seriesOf(window, rows) };
}

/** The buckets of a window filled from cells; the largest parts have a series each. */
export function seriesOf(window: Window, cells: readonly Cell[]): Omit<Timeline, 'v'> {
  const length = window.last - window.first + 1;
  const totals = new Map<string, number>();
  for (const { name, n } of cells) totals.set(name, (totals.get(name) ?? 0) + n);
  const names = [...totals].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  const own = new Set(names.length > MOST_SERIES ? names.slice(0, MOST_SERIES - 1) : names);
  const series = new Map<string, number[]>();
  for (const { bucket, name, n } of cells) {
    const label = own.has(name) ? name : 'others';
    const counts = series.get(label) ?? Array.from({ length }, () => 0);
    const index = bucket - window.first;
    counts[index] = (counts[index] ?? 0) + n;
    series.set(label, counts);
  }
  const ordered = [...names.filter((name) => own.has(name)), ...(series.has('others') ? ['others'] : [])];
  return {
    grain: window.grain,
    at: Array.from({ length }, (_, index) => (window.first + index) * grainMs[window.grain]),
    series: ordered.map((name) => ({ name, counts: series.get(name) ?? [] })),
  };
}

const source = (grain: Grain, dimension: string): string =>
  grain === 'minute'
    ? `minute_counts where minute between $1 and $2`
    : `period_counts where dimension = '${dimension}' and grain = '${grain}' and bucket between $1 and $2`;

const bucketOf = (grain: Grain): string => (grain === 'minute' ? 'minute' : 'bucket');

const byOutcome = (grain: Grain): string => `
  select t.bucket::int, v.name, v.n::int from (
    select ${bucketOf(grain)} as bucket, ${outcomes.map((name) => `sum(${name}) as ${name}`).join(', ')},
      sum(total - ${outcomes.join(' - ')}) as open
    from ${source(grain, 'category')} group by 1
  ) t cross join lateral (values ${outcomes
    .map((name) => `('${name.replace('_', '-')}', t.${name})`)
    .join(', ')}, ('in flight', t.open)) v(name, n) where v.n <> 0`;

const byDimension = (grain: Grain, by: Exclude<Split, 'outcome'>): string => `
  select ${bucketOf(grain)}::int as bucket, ${grain === 'minute' ? by : 'key'} as name, sum(total)::int as n
  from ${source(grain, by)} group by 1, 2 having sum(total) <> 0`;

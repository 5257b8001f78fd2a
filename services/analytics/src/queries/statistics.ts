import type { Pool } from 'pg';
import { durationQuantile, type StepCount } from '../domain/durations.ts';
import { grainFor, grainMs, windowOf } from './window.ts';

/** Percentiles of a duration, in milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

/** The numbers of a period. */
export interface Statistics {
  readonly v: 1;
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly resolved: number;
  readonly suppressed: number;
  readonly deadLettered: number;
  readonly escalated: number;
  readonly inFlight: number;
  readonly errorRates: { readonly perMinute: number; readonly perHour: number; readonly perDay: number };
  /** Resolved among those that ended and were no repeats; null where there is none. */
  readonly resolutionRate: number | null;
  readonly stages: readonly StageNumbers[];
  readonly responseTimes: {
    readonly toResolutionMs: Percentiles;
    readonly toEndMs: Percentiles;
    readonly toFirstActionMs: Percentiles;
    readonly toAcknowledgeMs: Percentiles;
  };
  /** Runs for each first run; null where there is no error. */
  readonly retryAmplification: number | null;
  readonly fixes: { readonly proposed: number; readonly succeeded: number; readonly rate: number | null };
  readonly byCategory: readonly Counted[];
  readonly bySeverity: readonly Counted[];
  readonly byEnvironment: readonly Counted[];
}

/** What a stage decided in a period. */
export interface StageNumbers {
  readonly stage: string;
  readonly decisions: number;
  readonly resolved: number;
  /** Resolved among those that it let go of, neither delayed nor suppressed. */
  readonly resolutionRate: number | null;
  readonly reasons: readonly { readonly to: string; readonly reason: string; readonly count: number }[];
}

/** A value of a dimension and how its errors stand. */
export interface Counted {
  readonly name: string;
  readonly total: number;
  readonly resolved: number;
  readonly escalated: number;
}

interface Totals {
  readonly dimension: string;
  readonly name: string;
  readonly total: number;
  readonly resolved: number;
  readonly suppressed: number;
  readonly deadLettered: number;
  readonly escalated: number;
  readonly attempts: number;
  readonly fixes: number;
  readonly fixed: number;
}

/** The numbers of the errors that happened from `from` to `to`, in whole hours up to 14 days and in days beyond. */
export async function readStatistics(pool: Pool, from: number, to: number): Promise<Statistics> {
  const [totals, stages, durations, acknowledged] = await Promise.all([
    readTotals(pool, from, to),
    readStages(pool, from, to),
    readDurations(pool, from, to),
    readAcknowledged(pool, from, to),
  ]);
  const of = (dimension: string): readonly Totals[] => totals.filter((row) => row.dimension === dimension);
  const sum = (name: Exclude<keyof Totals, 'dimension' | 'name'>): number =>
    of('category').reduce((total, row) => total + row[name], 0);
  const counted = (dimension: string): readonly Counted[] =>
    of(dimension)
      .map(({ name, total, resolved, escalated }) => ({ name, total, resolved, escalated }))
      .toSorted((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
  const total = sum('total');
  const ended = sum('resolved') + sum('deadLettered') + sum('escalated');
  const minutes = Math.max(1, (to - from) / grainMs.minute);
  return {
    v: 1,
    from,
    to,
    total,
    resolved: sum('resolved'),
    suppressed: sum('suppressed'),
    deadLettered: sum('deadLettered'),
    escalated: sum('escalated'),
    inFlight: total - ended - sum('suppressed'),
    errorRates: {
      perMinute: total / minutes,
      perHour: (total * 60) / minutes,
      perDay: (total * 1_440) / minutes,
    },
    resolutionRate: ended === 0 ? null : sum('resolved') / ended,
    stages,
    responseTimes: {
      toResolutionMs: percentiles(durations.get('resolution')),
      toEndMs: percentiles(durations.get('end')),
      toFirstActionMs: percentiles(durations.get('first-action')),
      toAcknowledgeMs: acknowledged,
    },
    retryAmplification: total === 0 ? null : 1 + sum('attempts') / total,
    fixes: {
      proposed: sum('fixes'),
      succeeded: sum('fixed'),
      rate: sum('fixes') === 0 ? null : sum('fixed') / sum('fixes'),
    },
    byCategory: counted('category'),
    bySeverity: counted('severity'),
    byEnvironment: counted('environment'),
  };
}

async function readTotals(pool: Pool, from: number, to: number): Promise<readonly Totals[]> {
  const { grain, first, last } = windowOf(from, to, coarse(from, to));
  const { rows } = await pool.query<Totals>({
    name: 'statistics totals',
    text: `select dimension, key as name, sum(total)::float8 as total, sum(resolved)::float8 as resolved,
        sum(suppressed)::float8 as suppressed, sum(dead_lettered)::float8 as "deadLettered",
        sum(escalated)::float8 as escalated, sum(attempts)::float8 as attempts,
        sum(fixes)::float8 as fixes, sum(fixed)::float8 as fixed
      from period_counts
      where dimension in ('category', 'severity', 'environment') and grain = $1 and bucket between $2 and $3
      group by 1, 2 having sum(total) <> 0`,
    values: [grain, first, last],
  });
  return rows;
}

async function readStages(pool: Pool, from: number, to: number): Promise<readonly StageNumbers[]> {
  const { grain, first, last } = windowOf(from, to);
  const { rows } = await pool.query<{ stage: string; to: string; reason: string; count: number }>({
    name: 'statistics stages',
    text: `select stage, to_state as to, reason, sum(n)::float8 as count from moves
      where grain = $1 and bucket between $2 and $3 group by 1, 2, 3`,
    values: [grain, first, last],
  });
  const order = ['classifier', 'retrier', 'fixer', 'escalator'];
  const names = [...new Set(rows.map(({ stage }) => stage))].toSorted(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  return names.map((stage) => {
    const own = rows.filter((row) => row.stage === stage);
    const count = (keep: (to: string) => boolean): number =>
      own.filter((row) => keep(row.to)).reduce((sum, row) => sum + row.count, 0);
    const left = count((state) => state !== 'delayed' && state !== 'suppressed');
    const resolved = count((state) => state === 'resolved');
    return {
      stage,
      decisions: count(() => true),
      resolved,
      resolutionRate: left === 0 ? null : resolved / left,
      reasons: own
        .map(({ to, reason, count: n }) => ({ to, reason, count: n }))
        .toSorted((a, b) => b.count - a.count),
    };
  });
}

async function readDurations(
  pool: Pool,
  from: number,
  to: number,
): Promise<ReadonlyMap<string, readonly StepCount[]>> {
  const { grain, first, last } = windowOf(from, to, coarse(from, to));
  const { rows } = await pool.query<{ kind: string; step: number; n: number }>({
    name: 'statistics durations',
    text: `select kind, step, sum(n)::float8 as n from durations
      where grain = $1 and bucket between $2 and $3 group by 1, 2`,
    values: [grain, first, last],
  });
  const byKind = new Map<string, StepCount[]>();
  for (const { kind, step, n } of rows) byKind.set(kind, [...(byKind.get(kind) ?? []), { step, n }]);
  return byKind;
}

/** How long incidents that were opened in the period waited for somebody to acknowledge them. */
async function readAcknowledged(pool: Pool, from: number, to: number): Promise<Percentiles> {
  const { rows } = await pool.query<Percentiles>({
    name: 'statistics acknowledged',
    text: `select count(*)::float8 as count,
        percentile_disc(0.5) within group (order by waited)::float8 as p50,
        percentile_disc(0.9) within group (order by waited)::float8 as p90,
        percentile_disc(0.99) within group (order by waited)::float8 as p99
      from (
        select min(t.at) - i.opened_at as waited
        from incidents i join incident_transitions t on t.incident_id = i.id and t.to_status = 'acknowledged'
        where i.opened_at between $1 and $2 group by i.id, i.opened_at
      ) a`,
    values: [from, to],
  });
  return rows[0] ?? { count: 0, p50: null, p90: null, p99: null };
}

const coarse = (from: number, to: number): 'hour' | 'day' => (grainFor(from, to) === 'day' ? 'day' : 'hour');

const percentiles = (counts: readonly StepCount[] = []): Percentiles => ({
  count: counts.reduce((sum, { n }) => sum + n, 0),
  p50: durationQuantile(counts, 0.5),
  p90: durationQuantile(counts, 0.9),
  p99: durationQuantile(counts, 0.99),
});

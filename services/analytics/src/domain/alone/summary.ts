import { quantile } from '../statistics.ts';
import type { RecordedError } from './recorded-error.ts';
import { anomaliesIn, trendOf, type Anomaly, type Trend } from './trend.ts';

const MINUTE_MS = 60_000;
/** Groups that a summary names. */
const TOP_GROUPS = 20;

/** A cause, with how often and when. */
export interface GroupSummary {
  readonly fingerprint: string;
  readonly title: string;
  readonly category: string;
  readonly count: number;
  readonly resolved: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What the errors of a period come to. */
export interface Summary {
  readonly total: number;
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly byErrorType: Readonly<Record<string, number>>;
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly byEnvironment: Readonly<Record<string, number>>;
  /** Resolved ones by the stage that did it. */
  readonly resolvedBy: Readonly<Record<string, number>>;
  readonly rates: { readonly perMinute: number; readonly perHour: number; readonly perDay: number };
  /** Share of the ended ones that were resolved; null where none ended. */
  readonly resolutionRate: number | null;
  readonly timeToResolutionMs: {
    readonly p50: number | null;
    readonly p90: number | null;
    readonly p99: number | null;
  };
  /** Runs of operations for each first run; 1 where nothing was retried, null where there is no error. */
  readonly retryAmplification: number | null;
  readonly groups: readonly GroupSummary[];
}

/** Sums errors up; `fromMs` to `toMs` is the period that rates refer to. */
export function summarise(errors: readonly RecordedError[], fromMs: number, toMs: number): Summary {
  const resolved = errors.filter(({ outcome }) => outcome === 'resolved');
  const ended = errors.filter(({ outcome }) => outcome !== 'open');
  const durations = resolved.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  const minutes = Math.max(1, (toMs - fromMs) / MINUTE_MS);
  const runs = errors.reduce((sum, { attempts }) => sum + attempts, 0);
  return {
    total: errors.length,
    byOutcome: countBy(errors, ({ outcome }) => outcome),
    byCategory: countBy(errors, ({ category }) => category),
    byErrorType: countBy(errors, ({ errorType }) => errorType),
    bySeverity: countBy(errors, ({ severity }) => severity),
    byEnvironment: countBy(errors, ({ environment }) => environment),
    resolvedBy: countBy(resolved, ({ stage }) => stage ?? 'unknown'),
    rates: {
      perMinute: errors.length / minutes,
      perHour: (errors.length * 60) / minutes,
      perDay: (errors.length * 1_440) / minutes,
    },
    resolutionRate: ended.length === 0 ? null : resolved.length / ended.length,
    timeToResolutionMs: {
      p50: quantile(durations, 0.5),
      p90: quantile(durations, 0.9),
      p99: quantile(durations, 0.99),
    },
    retryAmplification: errors.length === 0 ? null : 1 + runs / errors.length,
    groups: groupsOf(errors),
  };
}

/** Trends of all and of each category, between the halves of the period. */
export function trendsOf(errors: readonly RecordedError[], fromMs: number, toMs: number): readonly Trend[] {
  const middle = (fromMs + toMs) / 2;
  const halves = (list: readonly RecordedError[]): readonly [number, number] => {
    const after = list.filter(({ at }) => at >= middle).length;
    return [list.length - after, after];
  };
  const categories = [...new Set(errors.map(({ category }) => category))].toSorted();
  return [
    trendOf('all', ...halves(errors)),
    ...categories.map((name) => trendOf(name, ...halves(errors.filter(({ category }) => category === name)))),
  ];
}

/** Unusual minutes between the first and the last error. */
export function anomaliesOf(errors: readonly RecordedError[]): readonly Anomaly[] {
  const minutes = new Map<number, number>();
  let first = Infinity;
  let last = -Infinity;
  for (const { at } of errors) {
    const minute = Math.floor(at / MINUTE_MS);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    first = Math.min(first, minute);
    last = Math.max(last, minute);
  }
  return errors.length === 0 ? [] : anomaliesIn(minutes, first, last);
}

function countBy(
  errors: readonly RecordedError[],
  of: (error: RecordedError) => string,
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const error of errors) counts.set(of(error), (counts.get(of(error)) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function groupsOf(errors: readonly RecordedError[]): readonly GroupSummary[] {
  const groups = new Map<string, GroupSummary>();
  for (const { fingerprint, title, category, at, outcome } of errors) {
    const group = groups.get(fingerprint);
    groups.set(fingerprint, {
      fingerprint,
      title: group?.title ?? title,
      category: group?.category ?? category,
      count: (group?.count ?? 0) + 1,
      resolved: (group?.resolved ?? 0) + (outcome === 'resolved' ? 1 : 0),
      firstAt: Math.min(group?.firstAt ?? at, at),
      lastAt: Math.max(group?.lastAt ?? at, at),
    });
  }
  return [...groups.values()]
    .toSorted((a, b) => b.count - a.count || b.lastAt - a.lastAt)
    .slice(0, TOP_GROUPS);
}

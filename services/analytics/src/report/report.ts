import type { Pool } from 'pg';
import { readFlaky, type FlakyReport } from '../queries/flaky.ts';
import { readGroups, type CostRates, type GroupItem } from '../queries/groups.ts';
import { readStatistics, type Statistics } from '../queries/statistics.ts';
import { readTimeline, type Timeline } from '../queries/timeline.ts';
import { windowOf } from '../queries/window.ts';

/** A report of a period. */
export interface Report {
  readonly v: 1;
  readonly generatedAt: number;
  readonly period: { readonly startDate: string; readonly endDate: string };
  readonly statistics: Statistics;
  readonly byOutcome: Timeline;
  readonly byCategory: Timeline;
  /** What costs most, over the last 30 days. */
  readonly costliest: readonly GroupItem[];
  readonly flaky: FlakyReport;
}

/** Groups that a report names. */
const TOP = 15;

/** The report of a period, from the sums. */
export async function readReport(
  pool: Pool,
  from: number,
  to: number,
  rates: CostRates,
  now: number,
): Promise<Report> {
  const [statistics, byOutcome, byCategory, groups, flaky] = await Promise.all([
    readStatistics(pool, from, to),
    readTimeline(pool, windowOf(from, to), 'outcome'),
    readTimeline(pool, windowOf(from, to), 'category'),
    readGroups(pool, { order: 'cost', limit: TOP, offset: 0 }, rates, now),
    readFlaky(pool, from, to),
  ]);
  return {
    v: 1,
    generatedAt: now,
    period: { startDate: new Date(from).toISOString(), endDate: new Date(to).toISOString() },
    statistics,
    byOutcome,
    byCategory,
    costliest: groups.items,
    flaky,
  };
}

import type { Pool } from 'pg';
import type { Line } from '../domain/line/line-ledger.ts';
import { readLine } from '../ledger/read-line.ts';
import { readGroups, type CostRates, type GroupItem } from './groups.ts';
import { readStatistics, type Statistics } from './statistics.ts';
import { readTimeline, type Timeline } from './timeline.ts';
import { windowOf } from './window.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Where records lie and how many moved in the last minutes. */
export interface FlowStep {
  /** State of the record, which is the topic on which it lies. */
  readonly state: string;
  readonly waiting: number;
  /** Records that came into this state in the last five minutes. */
  readonly arrived: number;
}

/** What the first page shows. */
export interface Overview {
  readonly v: 1;
  readonly at: number;
  readonly line: Line;
  readonly flow: readonly FlowStep[];
  /** Errors received in the last whole minute and the last five. */
  readonly rates: { readonly lastMinute: number; readonly fiveMinutes: number };
  readonly lastHour: Timeline;
  readonly day: Statistics;
  readonly topGroups: readonly GroupItem[];
}

const flowStates = [
  'raw',
  'classified',
  'delayed',
  'fixable',
  'unresolved',
  'resolved',
  'suppressed',
  'escalated',
  'dead-lettered',
] as const;

/** The line now: ledger, flow, rates, and the last day in numbers. */
export async function readOverview(pool: Pool, rates: CostRates, now: number): Promise<Overview> {
  const [line, flow, perMinute, lastHour, day, groups] = await Promise.all([
    readLine(pool, now),
    readFlow(pool, now),
    readReceived(pool, now),
    readTimeline(pool, windowOf(now - HOUR_MS, now, 'minute'), 'outcome'),
    readStatistics(pool, now - DAY_MS, now),
    readGroups(pool, { order: 'count', limit: 6, offset: 0 }, rates, now),
  ]);
  return { v: 1, at: now, line, flow, rates: perMinute, lastHour, day, topGroups: groups.items };
}

/**
 * Where records wait, and what moved in five minutes: what lies on a topic is what ever came to it less what ever left
 * it, by the sums of moves, so that nothing is counted again.
 */
export async function readFlow(pool: Pool, now: number): Promise<readonly FlowStep[]> {
  const { rows } = await pool.query<{ grain: string; from_state: string; to_state: string; n: number }>({
    name: 'flow',
    text: `select grain, from_state, to_state, sum(n)::float8 as n from moves
      where grain = 'day' or (grain = 'minute' and bucket > $1) group by 1, 2, 3`,
    values: [Math.floor(now / MINUTE_MS) - 5],
  });
  const sum = (grain: string, side: 'from_state' | 'to_state', state: string): number =>
    rows.filter((row) => row.grain === grain && row[side] === state).reduce((total, { n }) => total + n, 0);
  return flowStates.map((state) => ({
    state,
    waiting: Math.max(
      0,
      waits.has(state) ? sum('day', 'to_state', state) - sum('day', 'from_state', state) : 0,
    ),
    // what comes in is what the classifier took from errors.raw
    arrived: sum('minute', state === 'raw' ? 'from_state' : 'to_state', state),
  }));
}

const waits: ReadonlySet<string> = new Set(['classified', 'delayed', 'fixable', 'unresolved']);

async function readReceived(pool: Pool, now: number): Promise<Overview['rates']> {
  const minute = Math.floor(now / MINUTE_MS);
  const { rows } = await pool.query<Overview['rates']>({
    name: 'overview rates',
    text: `select coalesce(sum(n) filter (where bucket = $1::int - 1), 0)::float8 as "lastMinute",
        coalesce(sum(n), 0)::float8 / 5 as "fiveMinutes"
      from moves where grain = 'minute' and bucket between $1::int - 5 and $1::int - 1 and from_state = 'raw'`,
    values: [minute],
  });
  return rows[0] ?? { lastMinute: 0, fiveMinutes: 0 };
}

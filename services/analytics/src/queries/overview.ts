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

/** Where records wait, by the partial index of open ones, and what moved in five minutes. */
export async function readFlow(pool: Pool, now: number): Promise<readonly FlowStep[]> {
  const [waiting, arrived] = await Promise.all([
    pool.query<{ state: string; n: number }>({
      name: 'flow waiting',
      text: 'select state, count(*)::float8 as n from records where ended_at is null group by state',
    }),
    pool.query<{ from_state: string; to_state: string; n: number }>({
      name: 'flow arrived',
      text: `select from_state, to_state, sum(n)::float8 as n from moves where grain = 'minute' and bucket > $1 group by 1, 2`,
      values: [Math.floor(now / MINUTE_MS) - 5],
    }),
  ]);
  const open = new Map(waiting.rows.map(({ state, n }) => [state, n]));
  return flowStates.map((state) => ({
    state,
    waiting: open.get(state) ?? 0,
    // what comes in is what the classifier took from errors.raw
    arrived: arrived.rows
      .filter((row) => (state === 'raw' ? row.from_state === 'raw' : row.to_state === state))
      .reduce((sum, { n }) => sum + n, 0),
  }));
}

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

import type { Pool } from 'pg';
import { counted } from './counted-rows.ts';
import { Conditions, containing } from './conditions.ts';
import { grainMs } from './window.ts';

/** How groups are sorted. */
export const groupOrders = ['last', 'count', 'first', 'cost'] as const;
/** How groups are sorted. */
export type GroupOrder = (typeof groupOrders)[number];

/** What errors cost, for the order of groups. */
export interface CostRates {
  /** A minute of a runner. */
  readonly machineMinute: number;
  readonly personMinute: number;
  /** Minutes of a person that an escalated error takes. */
  readonly diagnosisMinutes: number;
}

/** Which groups are asked for. */
export interface GroupFilter {
  readonly q?: string | undefined;
  readonly category?: string | undefined;
  readonly state?: string | undefined;
  readonly repository?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly order: GroupOrder;
  readonly limit: number;
  readonly offset: number;
}

/** A group: errors of one fingerprint. */
export interface GroupItem {
  readonly fingerprint: string;
  readonly title: string;
  readonly category: string;
  readonly errorType: string;
  readonly severity: string;
  readonly tool: string | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  readonly repository: string | null;
  /** `regressed` where it was resolved and came again. */
  readonly state: 'open' | 'resolved' | 'muted' | 'regressed';
  readonly owner: string | null;
  readonly total: number;
  readonly resolved: number;
  readonly escalated: number;
  readonly inFlight: number;
  readonly attempts: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly lastEventId: string | null;
  /** Cost of the last 30 days, halved for each week of age. */
  readonly cost: number;
  /** Errors of each of the last 24 hours, the current one last. */
  readonly hours: readonly number[];
}

const SPARK_HOURS = 24;
const COST_DAYS = 30;
const HALF_LIFE_DAYS = 7;

/** A page of groups, and how many there are in all. */
export interface GroupPage {
  readonly v: 1;
  readonly total: number;
  readonly items: readonly GroupItem[];
}

const orders: Readonly<Record<GroupOrder, string>> = {
  last: 'c.last_at desc',
  count: 'c.total desc',
  first: 'c.first_at desc',
  cost: 'coalesce(m.cost, 0) desc',
};

/** Groups, with the errors of the last day by hour. */
export async function readGroups(
  pool: Pool,
  filter: GroupFilter,
  rates: CostRates,
  now: number,
): Promise<GroupPage> {
  const where = new Conditions()
    .add('g.category = ?', filter.category)
    .add('g.repository = ?', filter.repository)
    .add('g.fingerprint = ?', filter.fingerprint)
    .add(
      '(g.title ilike ? or g.category ilike ? or g.repository ilike ?)',
      filter.q === undefined ? undefined : containing(filter.q),
    )
    .add(
      `(case when g.state = 'resolved' and c.last_at > g.state_at then 'regressed' else g.state end) = ?`,
      filter.state,
    );
  const today = Math.floor(now / grainMs.day);
  const firstDay = where.value(today - COST_DAYS);
  const lastDay = where.value(today);
  const machine = where.value(rates.machineMinute / grainMs.minute);
  const person = where.value(rates.personMinute * rates.diagnosisMinutes);
  const limit = where.value(filter.limit);
  const offset = where.value(filter.offset);
  const { rows } = await pool.query<Omit<GroupItem, 'hours'> & { readonly all: number }>(
    `with c as (
       select fingerprint, sum(total) as total, sum(resolved) as resolved, sum(suppressed) as suppressed,
         sum(dead_lettered) as dead_lettered, sum(escalated) as escalated, sum(attempts) as attempts,
         min(first_at) as first_at, max(last_at) as last_at,
         (array_agg(last_event_id order by last_at desc))[1] as last_event_id
       from group_counts group by fingerprint
     ), m as (
       select key, sum((attempt_ms * ${machine}::float8 + escalated * ${person}::float8)
         * power(0.5, (${lastDay}::int - bucket) / ${HALF_LIFE_DAYS}::float8)) as cost
       from period_counts
       where dimension = 'fingerprint' and grain = 'day' and bucket between ${firstDay}::int and ${lastDay}::int
       group by key
     )
     select g.fingerprint, g.title, g.category, g.error_type as "errorType", g.severity, g.tool, g.cause, g.remedy,
       g.repository, g.owner,
       case when g.state = 'resolved' and c.last_at > g.state_at then 'regressed' else g.state end as state,
       c.total::float8, c.resolved::float8, c.escalated::float8,
       (c.total - c.resolved - c.suppressed - c.dead_lettered - c.escalated)::float8 as "inFlight",
       c.attempts::float8, c.first_at::float8 as "firstAt", c.last_at::float8 as "lastAt",
       c.last_event_id as "lastEventId", coalesce(m.cost, 0)::float8 as cost, (count(*) over ())::int as all
     from groups g join c using (fingerprint) left join m on m.key = g.fingerprint
     where ${where.text}
     order by ${orders[filter.order]}, g.fingerprint limit ${limit} offset ${offset}`,
    where.values,
  );
  const hours = await readHours(
    pool,
    rows.map(({ fingerprint }) => fingerprint),
    now,
  );
  const { total, items } = counted(rows);
  return {
    v: 1,
    total,
    items: items.map((group) => ({ ...group, hours: hours.get(group.fingerprint) ?? emptyHours() })),
  };
}

const emptyHours = (): number[] => Array.from({ length: SPARK_HOURS }, () => 0);

async function readHours(
  pool: Pool,
  fingerprints: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const last = Math.floor(now / grainMs.hour);
  const first = last - SPARK_HOURS + 1;
  const { rows } = await pool.query<{ key: string; bucket: number; n: number }>({
    name: 'group hours',
    text: `select key, bucket, sum(total)::int as n from period_counts
      where dimension = 'fingerprint' and grain = 'hour' and key = any($1) and bucket between $2 and $3 group by 1, 2`,
    values: [fingerprints, first, last],
  });
  const hours = new Map<string, number[]>();
  for (const { key, bucket, n } of rows) {
    const list = hours.get(key) ?? emptyHours();
    list[bucket - first] = n;
    hours.set(key, list);
  }
  return hours;
}

/** What people may say of a group. */
export interface GroupChange {
  readonly state?: 'open' | 'resolved' | 'muted' | undefined;
  readonly owner?: string | null | undefined;
}

/** Changes what is said of a group; false where there is none. */
export async function changeGroup(
  pool: Pool,
  fingerprint: string,
  change: GroupChange,
  actor: string,
  now: number,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update groups set state = coalesce($2, state), state_at = case when $2::text is null then state_at else $3 end,
       owner = case when $4 then $5 else owner end, changed_by = $6
     where fingerprint = $1`,
    [fingerprint, change.state ?? null, now, change.owner !== undefined, change.owner ?? null, actor],
  );
  return (rowCount ?? 0) > 0;
}

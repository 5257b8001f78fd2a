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

const stateOf = `case when g.state = 'resolved' and c.last_at > g.state_at then 'regressed' else g.state end`;

/** Cost of the last days of the fingerprints that `which` leaves, halved for each week of age. */
const costs = (which: string): string => `
  select key, sum((attempt_ms * $1::float8 + escalated * $2::float8)
    * power(0.5, ($3::int - bucket) / ${HALF_LIFE_DAYS}::float8)) as cost
  from period_counts
  where dimension = 'fingerprint' and grain = 'day' and bucket between $3::int - ${COST_DAYS} and $3::int ${which}
  group by key`;

/** Groups, with the errors of the last day by hour: first which they are, then what is to be said of those. */
export async function readGroups(
  pool: Pool,
  filter: GroupFilter,
  rates: CostRates,
  now: number,
): Promise<GroupPage> {
  const costValues = [
    rates.machineMinute / grainMs.minute,
    rates.personMinute * rates.diagnosisMinutes,
    Math.floor(now / grainMs.day),
  ];
  const { total, items } = counted(await pageOf(pool, filter, costValues));
  const fingerprints = items.map(({ fingerprint }) => fingerprint);
  const [details, hours] = await Promise.all([
    readDetails(pool, fingerprints, costValues),
    readHours(pool, fingerprints, now),
  ]);
  return {
    v: 1,
    total,
    items: fingerprints.flatMap((fingerprint) => {
      const detail = details.get(fingerprint);
      return detail === undefined ? [] : [{ ...detail, hours: hours.get(fingerprint) ?? emptyHours() }];
    }),
  };
}

async function pageOf(
  pool: Pool,
  filter: GroupFilter,
  costValues: readonly number[],
): Promise<readonly { readonly fingerprint: string; readonly all: number }[]> {
  const where = new Conditions();
  const byCost = filter.order === 'cost';
  if (byCost) for (const value of costValues) where.value(value);
  where
    .add('g.category = ?', filter.category)
    .add('g.repository = ?', filter.repository)
    .add('g.fingerprint = ?', filter.fingerprint)
    .add(
      '(g.title ilike ? or g.category ilike ? or g.repository ilike ?)',
      filter.q === undefined ? undefined : containing(filter.q),
    )
    .add(`(${stateOf}) = ?`, filter.state);
  // one group is a probe of the key, all are a sum over few rows for each
  const which =
    filter.fingerprint === undefined ? '' : `where fingerprint = ${where.value(filter.fingerprint)}`;
  const limit = where.value(filter.limit);
  const offset = where.value(filter.offset);
  const { rows } = await pool.query<{ fingerprint: string; all: number }>(
    `with c as (
       select fingerprint, sum(total) as total, min(first_at) as first_at, max(last_at) as last_at
       from group_counts ${which} group by fingerprint
     )
     select g.fingerprint, (count(*) over ())::int as all
     from groups g join c using (fingerprint) ${byCost ? `left join (${costs('')}) m on m.key = g.fingerprint` : ''}
     where ${where.text}
     order by ${orders[filter.order]}, g.fingerprint limit ${limit} offset ${offset}`,
    where.values,
  );
  return rows;
}

async function readDetails(
  pool: Pool,
  fingerprints: readonly string[],
  costValues: readonly number[],
): Promise<ReadonlyMap<string, Omit<GroupItem, 'hours'>>> {
  const { rows } = await pool.query<Omit<GroupItem, 'hours'>>({
    name: 'group details',
    text: `with c as (
        select fingerprint, sum(total) as total, sum(resolved) as resolved, sum(suppressed) as suppressed,
          sum(dead_lettered) as dead_lettered, sum(escalated) as escalated, sum(attempts) as attempts,
          min(first_at) as first_at, max(last_at) as last_at,
          (array_agg(last_event_id order by last_at desc))[1] as last_event_id
        from group_counts where fingerprint = any($4) group by fingerprint
      ), m as (${costs('and key = any($4)')})
      select g.fingerprint, g.title, g.category, g.error_type as "errorType", g.severity, g.tool, g.cause, g.remedy,
        g.repository, g.owner, ${stateOf} as state,
        c.total::float8, c.resolved::float8, c.escalated::float8,
        (c.total - c.resolved - c.suppressed - c.dead_lettered - c.escalated)::float8 as "inFlight",
        c.attempts::float8, c.first_at::float8 as "firstAt", c.last_at::float8 as "lastAt",
        c.last_event_id as "lastEventId", coalesce(m.cost, 0)::float8 as cost
      from groups g join c using (fingerprint) left join m on m.key = g.fingerprint`,
    values: [...costValues, fingerprints],
  });
  return new Map(rows.map((row) => [row.fingerprint, row]));
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

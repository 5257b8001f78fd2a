import type { Pool } from 'pg';

/** State of each record from the raw history alone: the end where there is one, else the transition of most hops. */
const last = `
  select distinct on (source, raw_partition, raw_offset) source, raw_partition, raw_offset, to_state, stage, at
  from outcomes
  order by source, raw_partition, raw_offset, (to_state in ('resolved', 'suppressed', 'dead-lettered', 'escalated')) desc, hops desc`;

const parts = `
  select o.source, o.raw_partition, o.raw_offset,
    max(o.body::json -> 'classification' ->> 'category') as category,
    max(o.body::json -> 'classification' ->> 'severity') as severity,
    max(o.body::json -> 'classification' -> 'fingerprint' ->> 'id') as fingerprint,
    max(o.body::json -> 'event' ->> 'environment') as environment,
    max(o.body::json -> 'event' ->> 'repository') as repository,
    max(json_array_length(o.body::json -> 'retry' -> 'attempts')) as attempts
  from outcomes o group by 1, 2, 3`;

const history = `
  select r.occurred_at, l.to_state, l.stage, p.*
  from (${last}) l
  join (${parts.replaceAll('max(o.body', 'max(o.body')}) p using (source, raw_partition, raw_offset)
  join records r using (source, raw_partition, raw_offset)`;

const ends = `count(*)::int as total,
  count(*) filter (where to_state = 'resolved')::int as resolved,
  count(*) filter (where to_state = 'suppressed')::int as suppressed,
  count(*) filter (where to_state = 'dead-lettered')::int as dead_lettered,
  count(*) filter (where to_state = 'escalated')::int as escalated`;
const sums = `sum(total)::int as total, sum(resolved)::int as resolved, sum(suppressed)::int as suppressed,
  sum(dead_lettered)::int as dead_lettered, sum(escalated)::int as escalated`;

const period = (dimension: string, grain: string, ms: number, key = dimension): readonly [string, string] => [
  `select '${dimension}', '${grain}', (occurred_at / ${ms})::int as bucket, ${key} as key, ${ends}, coalesce(sum(attempts), 0)::int as attempts
   from h where ${key} is not null group by 3, 4`,
  `select dimension, grain, bucket, key, ${sums}, sum(attempts)::int as attempts from period_counts
   where dimension = '${dimension}' and grain = '${grain}' group by 1, 2, 3, 4 having sum(total) <> 0`,
];

const comparisons: readonly (readonly [string, string])[] = [
  [
    `select occurred_at / 60000 as minute, coalesce(category, 'unclassified'), coalesce(severity, 'UNKNOWN'), coalesce(environment, 'unknown'), ${ends} from h group by 1, 2, 3, 4`,
    `select minute, category, severity, environment, ${sums} from minute_counts group by 1, 2, 3, 4 having sum(total) <> 0`,
  ],
  period('fingerprint', 'hour', 3_600_000),
  period('fingerprint', 'day', 86_400_000),
  period('repository', 'hour', 3_600_000),
  period('category', 'day', 86_400_000, `coalesce(category, 'unclassified')`),
  period('severity', 'hour', 3_600_000, `coalesce(severity, 'UNKNOWN')`),
  period('environment', 'day', 86_400_000, `coalesce(environment, 'unknown')`),
  period('repository', 'day', 86_400_000),
  [
    `select fingerprint, ${ends} from h where fingerprint is not null group by 1`,
    `select fingerprint, ${sums} from group_counts group by 1 having sum(total) <> 0`,
  ],
  [
    `select grain, (at / ms)::int, stage, from_state, to_state, reason, count(*)::int
     from outcomes cross join (values ('minute', 60000), ('hour', 3600000), ('day', 86400000)) g(grain, ms) group by 1, 2, 3, 4, 5, 6`,
    `select grain, bucket, stage, from_state, to_state, reason, sum(n)::int from moves group by 1, 2, 3, 4, 5, 6`,
  ],
  [
    `select ${ends} from h`,
    `select sum(seen)::int, sum(resolved)::int, sum(suppressed)::int, sum(dead_lettered)::int, sum(escalated)::int from line_counters`,
  ],
  [
    `select count(*)::int from h where to_state in ('resolved', 'suppressed', 'dead-lettered', 'escalated')`,
    `select coalesce(sum(n), 0)::int from line_latency`,
  ],
  [
    `select (received_at / 3600000)::int as hour, 'first-action' as kind, count(*)::int from records where first_action_at is not null group by 1`,
    `select bucket, kind, sum(n)::int from durations where kind = 'first-action' and grain = 'hour' group by 1, 2 having sum(n) <> 0`,
  ],
];

/** Rows in which a sum and a recount of the raw history differ; none where all is right. */
export async function recountDifferences(pool: Pool): Promise<readonly unknown[]> {
  const differences: unknown[] = [];
  for (const [recount, kept] of comparisons) {
    const { rows } = await pool.query(
      `with h as (${history}) (select 'only recounted' as side, a.* from ((${recount}) except (${kept})) a)
       union all (select 'only kept', b.* from ((${kept}) except (${recount})) b)`,
    );
    differences.push(...rows);
  }
  return differences;
}

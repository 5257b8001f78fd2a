import type { Pool, PoolClient } from 'pg';
import { lineOf, type LedgerState, type Line } from '../domain/line/line-ledger.ts';

/** After this long a record that was reported and has no outcome is missing, and no longer on its way. */
export const LEDGER_GRACE_MS = 60_000;

/** The ledger from its counters, the open ranges and the minutes of deadlines: no scan of records. */
export async function readLedger(client: Pool | PoolClient, now: number): Promise<LedgerState> {
  const { rows } = await client.query<LedgerState>({
    name: 'line ledger',
    text: `with c as (
        select coalesce(sum(received), 0) as received, coalesce(sum(seen), 0) as seen,
          coalesce(sum(resolved), 0) as resolved, coalesce(sum(suppressed), 0) as suppressed,
          coalesce(sum(dead_lettered), 0) as dead_lettered, coalesce(sum(escalated), 0) as escalated,
          coalesce(sum(double_ends), 0) as double_ends, coalesce(sum(duplicates), 0) as duplicates, coalesce(max(consumed_at), 0) as consumed_at
        from line_counters
      ), m as (
        select coalesce(sum(records - coalesce(found, 0)), 0) as missing from ranges
        where checked_at is not null and reported_at < $1::bigint - $2::bigint
      ), g as (
        select coalesce(sum(from_offset - before), 0) as gaps from (
          select from_offset, proven_at,
            lag(to_offset) over (partition by source, raw_partition order by from_offset) as before
          from proven
        ) p where before < from_offset and proven_at < $1::bigint - $2::bigint
      ), o as (
        select coalesce(sum(n), 0) as overdue from open_records where kind = 'deadline' and bucket < $1::bigint / 60000
      )
      select received::float8, seen::float8, resolved::float8, suppressed::float8,
        dead_lettered::float8 as "deadLettered", escalated::float8, double_ends::float8 as "doubleEnds", duplicates::float8,
        missing::float8, gaps::float8, overdue::float8,
        case when seen > received and consumed_at < $1::bigint - $2::bigint then (seen - received)::float8 else 0 end as excess
      from c, m, g, o`,
    values: [now, LEDGER_GRACE_MS],
  });
  const [state] = rows;
  if (state === undefined) throw new Error('the ledger query gave no row');
  return state;
}

/** The line as `faultline status` and GET /api/v1/line show it. */
export const readLine = async (client: Pool | PoolClient, now: number): Promise<Line> =>
  lineOf(await readLedger(client, now));

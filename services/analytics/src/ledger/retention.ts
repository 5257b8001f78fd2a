import type { Pool } from 'pg';
import type { AnalyticsConfig } from '../config.ts';

const DAY_MS = 86_400_000;
const MINUTES_A_DAY = 1_440;
/** Days whose partitions are there before their first record comes. */
const DAYS_AHEAD = 7;
const partitioned = ['outcomes', 'records', 'observations'] as const;

/** Makes the partitions of the coming days, and drops what is older than the configuration keeps. */
export async function keepHistory(
  pool: Pool,
  config: Pick<AnalyticsConfig, 'FAULTLINE_HISTORY_DAYS' | 'FAULTLINE_MINUTES_DAYS'>,
  now: number,
): Promise<readonly string[]> {
  const today = Math.floor(now / DAY_MS);
  const days = Array.from({ length: DAYS_AHEAD + 1 }, (_, ahead) => today + ahead);
  const dropped: string[] = [];
  for (const table of partitioned) {
    await pool.query('select ensure_days($1, $2)', [table, days]);
    const { rows } = await pool.query<{ gone: string[] }>('select drop_days($1, $2) as gone', [
      table,
      now - config.FAULTLINE_HISTORY_DAYS * DAY_MS,
    ]);
    dropped.push(...(rows[0]?.gone ?? []));
  }
  const oldest = (today - config.FAULTLINE_MINUTES_DAYS) * MINUTES_A_DAY;
  await pool.query('delete from minute_counts where minute < $1', [oldest]);
  await pool.query(`delete from moves where grain = 'minute' and bucket < $1`, [oldest]);
  return dropped;
}

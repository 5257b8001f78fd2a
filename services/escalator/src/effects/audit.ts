import { driveEffect } from './drive-effect.ts';
import type { EffectDriver } from './effect-driver.ts';
import { POLL_MS, pollRun } from './poll-run.ts';

/** How late something may be before it counts as stuck, and how much is taken up at once. */
const GRACE_MS = 5_000;
const AT_ONCE = 50;

/** Whether a job that nobody holds will come: what is merely late in a long queue is not stuck. */
const queued = (key: string): string =>
  `EXISTS (SELECT FROM graphile_worker.jobs j WHERE j.key = ${key} AND j.locked_at IS NULL AND j.attempts < j.max_attempts)`;

/**
 * Finds incidents and effects that are due and were not taken: a job that was lost with its worker, a call
 * whose lease ran out, a change by people that no job followed. Drives them here.
 */
export async function audit(
  driver: EffectDriver,
  tick: (incidentId: string) => Promise<void>,
): Promise<void> {
  const { pool, log } = driver;
  const before = driver.now() - GRACE_MS;
  const incidents = await pool.query<{ id: string }>(
    `SELECT id FROM (
       SELECT id FROM incidents WHERE status IN ('open', 'acknowledged') AND least(flush_at, deadline) < $1
       UNION SELECT incident_id FROM incident_transitions WHERE NOT published AND at < $1) AS due
     WHERE NOT ${queued("'incident:' || due.id")} LIMIT $2`,
    [before, AT_ONCE],
  );
  for (const { id } of incidents.rows) {
    log.warn({ incident: id }, 'an incident was due and not taken');
    await tick(id);
  }
  const effects = await pool.query<{ id: string }>(
    `SELECT id FROM effects e
     WHERE (state = 'planned' AND not_before < $1 OR state = 'sending' AND lease_until < $1 + $2)
       AND NOT ${queued("'effect:' || e.id")} AND NOT ${queued("'channel:' || e.channel")}
     LIMIT $3`,
    [before, GRACE_MS, AT_ONCE],
  );
  for (const { id } of effects.rows) {
    log.warn({ effect: id }, 'an effect was due and not taken');
    await driveEffect(driver, id);
  }
  const runs = await pool.query<{ id: string }>(
    `SELECT id FROM effects WHERE channel = 'codegen' AND state = 'done' AND result ->> 'reference' IS NOT NULL
       AND NOT coalesce((result ->> 'ended')::boolean, (result ->> 'mailbox')::boolean, false) AND updated_at < $1
     LIMIT $2`,
    [driver.now() - 2 * POLL_MS, AT_ONCE],
  );
  for (const { id } of runs.rows) await pollRun(driver, id);
}

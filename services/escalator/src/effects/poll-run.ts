import { inTransaction } from './in-transaction.ts';
import { endEffect, linkIncident, lockEffect, readIncident } from './effect-store.postgres.ts';
import type { EffectDriver } from './effect-driver.ts';
import { fallBack } from './fall-back.ts';
import { isOpen } from '../domain/incident.ts';

/** Time between two looks at a run; the reads of the vendor are limited to 60 in 30 s for all runs. */
export const POLL_MS = 60_000;

interface RunResult {
  readonly reference: string | null;
  readonly status?: string;
  readonly ended?: boolean;
}

/**
 * Looks at a run that a channel started, and keeps what it says. A run that failed tells the next channel, a
 * run that ended links what it made, and one that goes on is looked at again while its incident is open.
 */
export async function pollRun(driver: EffectDriver, id: string): Promise<void> {
  const { rows } = await driver.pool.query<{ channel: string; result: RunResult | null }>(
    `SELECT channel, result FROM effects WHERE id = $1 AND state = 'done'`,
    [id],
  );
  const [row] = rows;
  const poll = row?.channel === 'codegen' ? driver.channels.codegen?.poll : undefined;
  const reference = row?.result?.reference ?? null;
  if (poll === undefined || reference === null || row?.result?.ended === true) return;
  const seen = await poll(reference);
  await inTransaction(driver.pool, async (client) => {
    const effect = await lockEffect(client, id);
    if (effect === undefined) return; // somebody else looks
    const now = driver.now();
    const incident = await readIncident(client, effect.incidentId);
    const ended = seen.kind === 'complete' || seen.kind === 'failed';
    const result = {
      ...row?.result,
      status: seen.status,
      url: seen.url ?? null,
      ended: ended || !isOpen(incident),
    };
    await endEffect(
      client,
      id,
      { state: 'done', error: seen.kind === 'failed' ? seen.status : null, result },
      now,
    );
    if (seen.kind === 'complete' && seen.url !== null)
      await linkIncident(client, incident.id, 'codegen', seen.url);
    if (seen.kind === 'failed' && isOpen(incident)) await fallBack(driver, client, effect, now);
    if (!result.ended) {
      await client.query(
        `SELECT escalator_job('escalator_run', json_build_object('id', $1::text), 'run:' || $1::text, $2)`,
        [id, POLL_MS],
      );
    }
  });
}

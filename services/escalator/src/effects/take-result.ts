import type { PoolClient } from 'pg';
import type { SendResult } from '../channels/channel.ts';
import { FALLBACK_AFTER_ATTEMPTS, retryDelayMs } from '../domain/fallback.ts';
import { targetHash, type Call, type EffectDriver, type EffectResult } from './effect-driver.ts';
import { endEffect, linkIncident, shutGate, stillOurs, type EffectRow } from './effect-store.postgres.ts';
import { fallBack } from './fall-back.ts';
import { POLL_MS } from './poll-run.ts';

/** Writes what came of a call: done, another try later, or the next channel. */
export async function takeResult(
  driver: EffectDriver,
  client: PoolClient,
  call: Call,
  result: SendResult,
): Promise<void> {
  const now = driver.now();
  // The gate before the effects and their incidents: in the order in which those who begin a call lock them.
  if (result.kind === 'retry' && result.retryAfterMs !== null) {
    await shutGate(client, call.channel.name, now + result.retryAfterMs, null);
  }
  if (result.kind === 'gone') await shutGate(client, call.channel.name, null, targetHash(call.channel));
  for (const effect of call.effects) {
    // Taken over by somebody else, who found it doubtful: what came of this call adds nothing.
    if (!(await stillOurs(client, effect.id, call.leaseUntil))) continue;
    await settleEffect(driver, client, effect, result, now);
  }
}

async function settleEffect(
  driver: EffectDriver,
  client: PoolClient,
  effect: EffectRow,
  result: SendResult,
  now: number,
): Promise<void> {
  const { id, channel } = effect;
  const count = (label: EffectResult): void =>
    driver.metrics.inc('faultline_effects_total', { channel, result: label });
  switch (result.kind) {
    case 'done': {
      const reference = result.references[id] ?? { reference: null, url: null };
      await endEffect(client, id, { state: 'done', error: null, result: reference, doubtful: false }, now);
      const link =
        reference.url ?? (channel === 'linear' || channel === 'codegen' ? reference.reference : null);
      if (link !== null) await linkIncident(client, effect.incidentId, channel, link);
      if (driver.channels[channel]?.poll !== undefined) {
        await client.query(
          `SELECT escalator_job('escalator_run', json_build_object('id', $1::text), 'run:' || $1::text, $2)`,
          [id, POLL_MS],
        );
      }
      count('done');
      return;
    }
    case 'retry': {
      const attempts = effect.attempts + 1;
      const delay = retryDelayMs(attempts, result.retryAfterMs, driver.random());
      // What one call knew not to have arrived says nothing of those before it.
      const doubtful = result.doubtful || effect.doubtful;
      await endEffect(
        client,
        id,
        { state: 'planned', error: result.error, notBefore: now + delay, doubtful },
        now,
      );
      count('retried');
      driver.log.warn(
        { effect: id, channel, attempts, delay, error: result.error },
        'an effect is tried again',
      );
      if (attempts >= FALLBACK_AFTER_ATTEMPTS) await fallBack(driver, client, effect, now);
      return;
    }
    case 'refused':
    case 'gone':
      await endEffect(client, id, { state: 'failed', error: result.error, doubtful: effect.doubtful }, now);
      count('failed');
      driver.log.error(
        { effect: id, channel, error: result.error },
        'an effect failed; the next channel is told',
      );
      await fallBack(driver, client, effect, now);
  }
}

import type { PoolClient } from 'pg';
import type { SendResult } from '../channels/channel.ts';
import { plannedEffect } from '../domain/effect.ts';
import { FALLBACK_AFTER_ATTEMPTS, fallbackOf, retryDelayMs } from '../domain/fallback.ts';
import type { ChannelName } from '../domain/policy.ts';
import { saveEffects } from '../notifier/incident-store.postgres.ts';
import { targetHash, type Call, type EffectDriver, type EffectResult } from './effect-driver.ts';
import {
  addTold,
  channelsOf,
  endEffect,
  linkIncident,
  markFallenBack,
  shutGate,
  stillOurs,
  type EffectRow,
} from './effect-store.postgres.ts';

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

/** Tells the next channel in place of one that cannot be told; once for each effect. */
async function fallBack(
  driver: EffectDriver,
  client: PoolClient,
  effect: EffectRow,
  now: number,
): Promise<void> {
  if (!(await markFallenBack(client, effect.id))) return;
  const used = await channelsOf(client, effect.incidentId);
  const next = fallbackOf(effect.channel, used, Object.keys(driver.channels) as ChannelName[]);
  const standIn = plannedEffect({ id: effect.incidentId }, next, effect.kind, effect.sequence, now);
  await saveEffects(client, [{ ...standIn, standInFor: effect.id }], now);
  await addTold(client, effect.incidentId, next);
}

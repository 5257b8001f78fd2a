import type { PoolClient } from 'pg';
import { plannedEffect } from '../domain/effect.ts';
import { fallbackOf } from '../domain/fallback.ts';
import type { ChannelName } from '../domain/policy.ts';
import { saveEffects } from '../notifier/incident-store.postgres.ts';
import type { EffectDriver } from './effect-driver.ts';
import { addTold, channelsOf, markFallenBack, type EffectRow } from './effect-store.postgres.ts';

/** Tells the next channel in place of one that cannot be told; once for each effect. */
export async function fallBack(
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

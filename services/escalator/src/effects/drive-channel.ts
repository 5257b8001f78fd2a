import { channelNames } from '../domain/policy.ts';
import { driveEffect } from './drive-effect.ts';
import type { EffectDriver } from './effect-driver.ts';
import { dueOf } from './effect-store.postgres.ts';

/** How much is looked up at a time. */
const AT_ONCE = 50;

/** Drives what waits for a channel whose gate was shut, until it is shut again or nothing waits. */
export async function driveChannel(driver: EffectDriver, name: string): Promise<void> {
  const channel = channelNames.find((known) => known === name);
  if (channel === undefined) return;
  const seen = new Set<string>();
  for (;;) {
    const due = await dueOf(driver.pool, channel, AT_ONCE, driver.now());
    const fresh = due.filter((id) => !seen.has(id)); // what somebody else has locked is theirs
    if (fresh.length === 0) return;
    for (const id of fresh) {
      seen.add(id);
      if ((await driveEffect(driver, id)) === 'shut') return;
    }
  }
}

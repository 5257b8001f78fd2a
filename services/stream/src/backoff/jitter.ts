import type { Random } from '../stage.ts';
import type { Jitter } from './backoff.ts';

/**
 * Spreads a delay. `full`: anywhere in [0, d]; `equal`: anywhere in [d/2, d] (M. Brooker, "Exponential
 * backoff and jitter", 2015). Never longer than the delay that came in, so a cap stays a cap.
 */
export const spread: Readonly<Record<Jitter, (delayMs: number, random: Random) => number>> = {
  none: (delayMs) => Math.round(delayMs),
  full: (delayMs, random) => Math.round(delayMs * random()),
  equal: (delayMs, random) => Math.round(delayMs / 2 + (delayMs / 2) * random()),
};

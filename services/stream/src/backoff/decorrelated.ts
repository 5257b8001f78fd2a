import type { Backoff } from './backoff.ts';

/** Shape constants of the formula: how fast the curve leaves zero, and what brings its median to the base. */
const P = 4;
const SCALE = 1 / 1.4;
/** 2^60 times any base is above any cap. */
const LAST_EXPONENT = 60;

/**
 * Decorrelated jitter, version 2 (Polly.Contrib.WaitAndRetry; cockatiel's default): smooth, with neither
 * the clusters nor the zero delays of full jitter. The jitter is the strategy's own; `jitter` has no effect.
 */
export const decorrelated: Backoff = (state, { baseMs, maxMs }, random) => {
  const at = Math.min(LAST_EXPONENT, state.made + random());
  const reached = 2 ** at * Math.tanh(Math.sqrt(P * at));
  const delayMs = Math.max(0, reached - state.memo) * SCALE * baseMs;
  return [Math.round(Math.min(maxMs, delayMs)), { made: state.made + 1, memo: reached }];
};

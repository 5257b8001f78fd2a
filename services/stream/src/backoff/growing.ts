import type { Backoff, BackoffOptions } from './backoff.ts';
import { spread } from './jitter.ts';

/** Makes a backoff of the delay before jitter and cap that follows `made` earlier ones. */
export function growing(nominalMs: (made: number, options: BackoffOptions) => number): Backoff {
  return (state, options, random) => {
    const capped = Math.min(options.maxMs, Math.max(0, nominalMs(state.made, options)));
    return [spread[options.jitter](capped, random), { made: state.made + 1, memo: capped }];
  };
}

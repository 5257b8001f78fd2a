import type { Backoff, BackoffStrategy } from './backoff.ts';
import { adaptive } from './adaptive.ts';
import { decorrelated } from './decorrelated.ts';
import { exponential } from './exponential.ts';
import { fibonacci } from './fibonacci.ts';
import { linear } from './linear.ts';

const strategies: Readonly<Record<BackoffStrategy, Backoff>> = {
  exponential,
  linear,
  fibonacci,
  adaptive,
  decorrelated,
};

/** The next delay by the strategy that the options name. */
export const nextDelay: Backoff = (state, options, random) =>
  strategies[options.strategy](state, options, random);

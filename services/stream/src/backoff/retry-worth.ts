/** Waits are remembered in buckets that double: [0, 1 ms), [1 ms, 2 ms), … up to 2^31 ms, about 24 days. */
const BUCKETS = 33;

/** Runs and successes. */
export interface Tally {
  readonly runs: number;
  readonly successes: number;
}

/** What retrying came to for one kind of failure: plain data, safe to store. Counts decay, so they are not whole. */
export interface RetryWorth {
  /** By number of the retry, from 1 at index 0. */
  readonly byRetry: readonly Tally[];
  /** By how long after the failure the retry ran, in doubling buckets. */
  readonly byWait: readonly Tally[];
  /** When it was last brought up to date. */
  readonly at: number;
}

/** Nothing known yet. */
export const nothingKnown: RetryWorth = { byRetry: [], byWait: [], at: 0 };

const empty: Tally = { runs: 0, successes: 0 };

/** One retry and its end. */
export interface RetryResult {
  /** Which retry, from 1. */
  readonly retry: number;
  /** How long after the first failure it ran. */
  readonly waitedMs: number;
  readonly succeeded: boolean;
  readonly at: number;
}

/** Bucket of a wait. */
const bucketOf = (waitedMs: number): number =>
  waitedMs < 1 ? 0 : Math.min(BUCKETS - 1, 1 + Math.floor(Math.log2(waitedMs)));

/** Upper end of a bucket, in milliseconds. */
const endOf = (bucket: number): number => 2 ** bucket;

function add(tallies: readonly Tally[], index: number, succeeded: boolean, keep: number): readonly Tally[] {
  return Array.from({ length: Math.max(tallies.length, index + 1) }, (_, at) => {
    const { runs, successes } = tallies[at] ?? empty;
    const [run, success] = at === index ? [1, succeeded ? 1 : 0] : [0, 0];
    return { runs: runs * keep + run, successes: successes * keep + success };
  });
}

/** Takes one result in. What was known halves its weight every `halfLifeMs`. */
export function learnRetry(worth: RetryWorth, result: RetryResult, halfLifeMs: number): RetryWorth {
  const keep = worth.at === 0 ? 1 : 0.5 ** (Math.max(0, result.at - worth.at) / halfLifeMs);
  return {
    byRetry: add(worth.byRetry, Math.max(0, result.retry - 1), result.succeeded, keep),
    byWait: add(worth.byWait, bucketOf(result.waitedMs), result.succeeded, keep),
    at: Math.max(worth.at, result.at),
  };
}

/**
 * Upper end of the Wilson score interval (E. B. Wilson, 1927) for a success rate; 1 where nothing is known.
 * `z` is the number of standard deviations: 1.96 leaves 2.5 % above.
 */
export function upperBound({ runs, successes }: Tally, z: number): number {
  if (runs <= 0) return 1;
  const rate = successes / runs;
  const spread = z * Math.sqrt((rate * (1 - rate)) / runs + (z * z) / (4 * runs * runs));
  return Math.min(1, (rate + (z * z) / (2 * runs) + spread) / (1 + (z * z) / runs));
}

/** Whether the next retry may still succeed often enough: false once even the upper bound is below `threshold`. */
export function worthRetrying(worth: RetryWorth, retry: number, threshold: number, z = 1.96): boolean {
  return upperBound(worth.byRetry[retry - 1] ?? empty, z) >= threshold;
}

/**
 * The shortest wait, in milliseconds, by which `share` of all successes had come; null below `minimum`
 * successes.
 */
export function learnedWait(worth: RetryWorth, share = 0.5, minimum = 5): number | null {
  const all = worth.byWait.reduce((sum, { successes }) => sum + successes, 0);
  if (all < minimum) return null;
  let soFar = 0;
  for (const [bucket, { successes }] of worth.byWait.entries()) {
    soFar += successes;
    if (soFar >= share * all) return endOf(bucket);
  }
  return null;
}

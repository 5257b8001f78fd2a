import { describe, expect, it } from 'vitest';
import { learnedWait, learnRetry, nothingKnown, upperBound, worthRetrying } from './retry-worth.ts';

const DAY_MS = 86_400_000;
const many = (count: number, succeeded: boolean, waitedMs = 1_500) =>
  Array.from({ length: count }).reduce<typeof nothingKnown>(
    (worth, _, index) => learnRetry(worth, { retry: 1, waitedMs, succeeded, at: 1 + index }, DAY_MS),
    nothingKnown,
  );

describe('whether a retry is worth it', () => {
  it('is yes where nothing is known', () => {
    expect(worthRetrying(nothingKnown, 1, 0.99)).toBe(true);
  });

  it('is no after a bounded number of failures without a success', () => {
    const runs = Array.from({ length: 500 }, (_, count) => count + 1);
    const stops = runs.find((count) => !worthRetrying(many(count, false), 1, 0.05));
    // Wilson's upper bound for 0 of n is z^2 / (n + z^2), below 0.05 from n = 73 on for z = 1.96.
    expect(stops).toBe(73);
  });

  it('stays yes where one in ten succeeds', () => {
    expect(upperBound({ runs: 1_000, successes: 100 }, 1.96)).toBeCloseTo(0.1202, 3);
  });

  it('is asked for each retry by itself', () => {
    expect(worthRetrying(many(400, false), 2, 0.05)).toBe(true);
  });

  it('becomes yes again as what was known grows old', () => {
    const worth = many(300, false);
    const later = learnRetry(worth, { retry: 1, waitedMs: 0, succeeded: false, at: 3 * DAY_MS }, DAY_MS);
    expect(worthRetrying(worth, 1, 0.05)).toBe(false);
    expect(worthRetrying(later, 1, 0.05)).toBe(true);
  });
});

describe('the learned wait', () => {
  it('is nothing below five successes', () => {
    expect(learnedWait(many(4, true))).toBeNull();
    expect(learnedWait(many(400, false))).toBeNull();
  });

  it('is the end of the bucket by which half of the successes had come', () => {
    expect(learnedWait(many(20, true, 1_500))).toBe(2_048);
    expect(learnedWait(many(20, true, 200))).toBe(256);
    expect(learnedWait(many(20, true, 60_000))).toBe(65_536);
    expect(learnedWait(many(20, true, 1e15))).toBe(2 ** 32);
  });
});

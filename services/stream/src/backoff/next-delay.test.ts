import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../transition.ts';
import {
  backoffStart,
  backoffStrategies,
  jitters,
  type BackoffOptions,
  type BackoffState,
} from './backoff.ts';
import { nextDelay } from './next-delay.ts';

const options: BackoffOptions = {
  strategy: 'exponential',
  baseMs: 1_000,
  maxMs: 100_000,
  factor: 2,
  jitter: 'none',
  learnedMs: null,
};

function delays(
  count: number,
  changes: Partial<BackoffOptions>,
  random = seededRandom('test'),
): readonly number[] {
  let state = backoffStart;
  return Array.from({ length: count }, () => {
    const [delayMs, next] = nextDelay(state, { ...options, ...changes }, random);
    state = next;
    return delayMs;
  });
}

describe('exact sequences', () => {
  it.each([
    ['exponential', {}, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 100_000, 100_000]],
    ['linear', {}, [1_000, 2_000, 3_000, 4_000, 5_000]],
    [
      'fibonacci',
      {},
      [1_000, 1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 21_000, 34_000, 55_000, 89_000, 100_000],
    ],
    ['fibonacci', { baseMs: 2_000 }, [2_000, 2_000, 4_000, 6_000, 10_000]],
    ['exponential', { factor: 3 }, [1_000, 3_000, 9_000, 27_000, 81_000, 100_000]],
    ['adaptive', {}, [1_000, 2_000, 4_000]],
    ['adaptive', { learnedMs: 8_000 }, [8_000, 16_000, 32_000]],
    ['adaptive', { learnedMs: 250 }, [250, 500, 1_000]],
    ['adaptive', { learnedMs: 86_400_000, maxMs: 86_400_000 }, [64_000, 128_000]],
  ] as const)('%s %o', (strategy, changes, expected) => {
    expect(delays(expected.length, { strategy, ...changes })).toEqual(expected);
  });
});

describe('jitter over 10,000 draws', () => {
  const draws = (jitter: 'full' | 'equal'): readonly number[] => {
    const random = seededRandom(jitter);
    return Array.from({ length: 10_000 }, () => nextDelay(backoffStart, { ...options, jitter }, random)[0]);
  };
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  it('full is spread over [0, delay]', () => {
    const values = draws('full');
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...values)).toBeLessThan(10);
    expect(Math.max(...values)).toBeLessThanOrEqual(1_000);
    expect(Math.max(...values)).toBeGreaterThan(990);
    expect(Math.abs(mean(values) - 500)).toBeLessThan(15);
  });

  it('equal is spread over [delay / 2, delay]', () => {
    const values = draws('equal');
    expect(Math.min(...values)).toBeGreaterThanOrEqual(500);
    expect(Math.min(...values)).toBeLessThan(510);
    expect(Math.max(...values)).toBeLessThanOrEqual(1_000);
    expect(Math.max(...values)).toBeGreaterThan(990);
    expect(Math.abs(mean(values) - 750)).toBeLessThan(10);
  });

  it('decorrelated spreads on its own, and its median first delay is near the base', () => {
    const random = seededRandom('decorrelated');
    const first = Array.from(
      { length: 10_000 },
      () => nextDelay(backoffStart, { ...options, strategy: 'decorrelated' }, random)[0],
    ).sort((a, b) => a - b);
    expect(Math.abs((first[5_000] ?? 0) - 1_000)).toBeLessThan(100);
    expect(new Set(first).size).toBeGreaterThan(1_000);
  });
});

const arbitraryOptions: fc.Arbitrary<BackoffOptions> = fc.record({
  strategy: fc.constantFrom(...backoffStrategies),
  jitter: fc.constantFrom(...jitters),
  baseMs: fc.integer({ min: 1, max: 86_400_000 }),
  maxMs: fc.integer({ min: 1, max: 86_400_000 }),
  factor: fc.double({ min: 1, max: 100, noNaN: true }),
  learnedMs: fc.option(fc.integer({ min: 0, max: 86_400_000 }), { nil: null }),
});

describe('for all options', () => {
  it('a delay is a whole number in [0, maxMs], however often it failed', () => {
    fc.assert(
      fc.property(arbitraryOptions, fc.nat(5_000), fc.string(), (given, made, seed) => {
        const [delayMs, next] = nextDelay({ made, memo: 0 }, given, seededRandom(seed));
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(given.maxMs);
        expect(next.made).toBe(made + 1);
      }),
    );
  });

  it('goes on the same after a trip through JSON', () => {
    fc.assert(
      fc.property(arbitraryOptions, fc.integer({ min: 1, max: 20 }), (given, steps) => {
        let [kept, stored]: BackoffState[] = [backoffStart, backoffStart];
        for (let step = 0; step < steps; step += 1) {
          const [a, nextKept] = nextDelay(kept ?? backoffStart, given, seededRandom(String(step)));
          const [b, nextStored] = nextDelay(stored ?? backoffStart, given, seededRandom(String(step)));
          expect(b).toBe(a);
          kept = nextKept;
          stored = JSON.parse(JSON.stringify(nextStored)) as BackoffState;
        }
      }),
    );
  });

  it('does not shrink from one delay to the next without jitter', () => {
    fc.assert(
      fc.property(arbitraryOptions, (given) => {
        if (given.strategy === 'decorrelated') return;
        const row = delays(12, { ...given, jitter: 'none' });
        expect([...row].sort((a, b) => a - b)).toEqual(row);
      }),
    );
  });
});

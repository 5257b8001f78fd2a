import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationOf, durationQuantile, durationStep } from './durations.ts';

test('the duration that stands for a step is within 10 % of every one in it', () => {
  fc.assert(
    fc.property(fc.double({ min: 2, max: 1e9, noNaN: true }), (ms) => {
      expect(Math.abs(durationOf(durationStep(ms)) / ms - 1)).toBeLessThan(0.1);
    }),
  );
  expect(durationStep(-5)).toBe(0);
  expect(durationStep(1e15)).toBe(122);
});

test('a percentile is the step in which its rank lies', () => {
  const counts = [
    { step: 20, n: 1 },
    { step: 8, n: 98 },
    { step: 40, n: 1 },
  ];
  expect(durationQuantile(counts, 0.5)).toBe(durationOf(8));
  expect(durationQuantile(counts, 0.99)).toBe(durationOf(20));
  expect(durationQuantile(counts, 1)).toBe(durationOf(40));
  expect(durationQuantile([], 0.5)).toBeNull();
});

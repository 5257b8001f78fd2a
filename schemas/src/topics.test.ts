import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delayPartition, delayTiersMs, tierFor, tierOfPartition } from './topics.ts';

describe('delay tiers', () => {
  it('never overshoot a delay, and leave less than the next tier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000_000 }), (delayMs) => {
        const tier = tierFor(delayMs);
        expect(delayTiersMs[tier]).toBeLessThanOrEqual(delayMs);
        expect(delayTiersMs[tier + 1] ?? Infinity).toBeGreaterThan(delayMs);
      }),
    );
  });

  it('keep their meaning for every slot, so that growth only appends partitions', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(delayTiersMs.length - 1), (slot, tier) => {
        expect(tierOfPartition(delayPartition(slot, tier))).toBe(tier);
      }),
    );
  });

  it('take a moment that has passed as no delay', () => {
    expect(tierFor(-5)).toBe(0);
  });
});

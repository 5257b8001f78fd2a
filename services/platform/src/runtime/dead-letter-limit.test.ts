import { describe, expect, it } from 'vitest';
import { DeadLetterLimit } from './dead-letter-limit.ts';

const limits = { run: 5, ratio: 0.5, window: 20 };

describe('DeadLetterLimit', () => {
  it('stops a run of dead letters', () => {
    const limit = new DeadLetterLimit(limits);
    for (let count = 0; count < 4; count += 1) limit.count(true);
    expect(() => limit.count(true)).toThrow(/5 dead letters in a row/);
  });

  it('begins anew with each good record', () => {
    const limit = new DeadLetterLimit(limits);
    const spread = (): void => {
      for (let count = 0; count < 100; count += 1) limit.count(count % 5 === 0);
    };
    expect(spread).not.toThrow();
  });

  it('stops a ratio over the window, which moves', () => {
    const limit = new DeadLetterLimit(limits);
    const mixed = (): void => {
      for (let count = 0; count < 40; count += 1) limit.count(count % 3 !== 0);
    };
    expect(mixed).toThrow(/of the last 20 records/);
  });

  it('says what to do', () => {
    const limit = new DeadLetterLimit({ ...limits, run: 1 });
    expect(() => limit.count(true)).toThrow(
      expect.objectContaining({ code: 'DEAD_LETTER_LIMIT', remedy: expect.stringContaining('redrive') }),
    );
  });
});

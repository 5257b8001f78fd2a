import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryRawRecord } from './testing/index.ts';
import { hashOf, seededRandom, transitionId } from './transition.ts';

describe('hashOf', () => {
  it('tells parts apart that read the same when joined', () => {
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
    expect(hashOf('a')).not.toBe(hashOf('a', ''));
    expect(hashOf('1:a;')).not.toBe(hashOf('1', 'a;'));
  });

  it('is SHA-256 of each part behind its length: ids in stores depend on it', () => {
    // printf '10:transition;1:1;' | sha256sum
    expect(hashOf('transition', 1)).toBe('eb72d65c38c0a00b5151262fd1e8d09585f79849e10c775365856902a4d2212d');
  });
});

describe('transitionId', () => {
  it('is the same for the same decision, and another for another stage, round, attempt or hop', () => {
    fc.assert(
      fc.property(arbitraryRawRecord, (record) => {
        const id = transitionId(record, 'retrier');
        expect(transitionId({ ...record, event: { ...record.event, message: 'else' } }, 'retrier')).toBe(id);
        const others = [
          transitionId(record, 'fixer'),
          transitionId({ ...record, round: record.round + 1 }, 'retrier'),
          transitionId({ ...record, hops: record.hops + 1 }, 'retrier'),
          transitionId(
            { ...record, coordinate: { ...record.coordinate, offset: record.coordinate.offset + 1 } },
            'retrier',
          ),
        ];
        expect(new Set([id, ...others]).size).toBe(5);
      }),
    );
  });
});

describe('seededRandom', () => {
  it('draws the same numbers again, in [0, 1), and others for another id', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const draw = (): readonly number[] => Array.from({ length: 20 }, seededRandom(id));
        expect(draw()).toEqual(draw());
        for (const number of draw()) {
          expect(number).toBeGreaterThanOrEqual(0);
          expect(number).toBeLessThan(1);
        }
        expect(draw()).not.toEqual(Array.from({ length: 20 }, seededRandom(`${id}x`)));
      }),
    );
  });

  it('is spread evenly', () => {
    const random = seededRandom('even');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 10_000; count += 1) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

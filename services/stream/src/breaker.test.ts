import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  breakerDefaults,
  breakerPermit,
  breakerResult,
  breakerStart,
  type BreakerOptions,
  type BreakerState,
} from './breaker.ts';

const options = breakerDefaults;
const report = (results: readonly boolean[], from: BreakerState = breakerStart, now = 0): BreakerState =>
  results.reduce((state, succeeded) => breakerResult(state, options, succeeded, now), from);
const times = (count: number, succeeded: boolean): readonly boolean[] =>
  Array<boolean>(count).fill(succeeded);

describe('a breaker', () => {
  it('stays closed below the minimum of calls', () => {
    expect(report(times(9, false)).kind).toBe('closed');
  });

  it('opens at half of at least ten calls, for a minute', () => {
    expect(report(times(10, false), breakerStart, 7)).toEqual({ kind: 'open', until: 60_007 });
    expect(report([...times(5, true), ...times(5, false)]).kind).toBe('open');
    expect(report([...times(6, true), ...times(4, false)]).kind).toBe('closed');
  });

  it('looks at the last hundred calls alone', () => {
    const state = report([...times(10_000, true), ...times(49, false)]);
    expect(state).toMatchObject({ kind: 'closed' });
    expect(breakerResult(state, options, false, 0).kind).toBe('open');
  });

  it('lets nothing through while it is open, then ten probes', () => {
    const open: BreakerState = { kind: 'open', until: 60_000 };
    expect(breakerPermit(open, options, 59_999)).toEqual([false, open]);
    let state: BreakerState = open;
    for (let probe = 0; probe < 10; probe += 1) {
      const [permitted, next] = breakerPermit(state, options, 60_000);
      expect(permitted).toBe(true);
      state = next;
    }
    expect(breakerPermit(state, options, 60_000)[0]).toBe(false);
    expect(report(times(10, true), state)).toEqual(breakerStart);
    expect(report([...times(5, true), ...times(5, false)], state, 61_000)).toEqual({
      kind: 'open',
      until: 121_000,
    });
  });

  it('gives probes up that never report', () => {
    const stuck: BreakerState = { kind: 'half-open', since: 0, started: 10, calls: '' };
    expect(breakerPermit(stuck, options, 59_999)[0]).toBe(false);
    expect(breakerPermit(stuck, options, 60_000)).toEqual([
      true,
      { kind: 'half-open', since: 60_000, started: 1, calls: '' },
    ]);
  });
});

const arbitraryOptions: fc.Arbitrary<BreakerOptions> = fc.record({
  windowCalls: fc.integer({ min: 1, max: 50 }),
  failureRate: fc.double({ min: 0.01, max: 1, noNaN: true }),
  minimumCalls: fc.integer({ min: 1, max: 20 }),
  openMs: fc.integer({ min: 1, max: 1_000 }),
  probes: fc.integer({ min: 1, max: 10 }),
});

/** One thing that happens to a breaker: time goes on, somebody asks, somebody reports. */
const steps = fc.array(fc.record({ afterMs: fc.nat(400), succeeded: fc.boolean(), reports: fc.boolean() }), {
  maxLength: 200,
});

it('obeys its laws whatever happens', () => {
  fc.assert(
    fc.property(arbitraryOptions, steps, (given, happening) => {
      let state: BreakerState = breakerStart;
      let now = 0;
      for (const { afterMs, succeeded, reports } of happening) {
        now += afterMs;
        const before = state;
        const [permitted, next] = breakerPermit(before, given, now);
        if (before.kind === 'closed') expect(permitted).toBe(true);
        if (before.kind === 'open') expect(permitted).toBe(now >= before.until);
        if (!permitted) expect(next).toEqual(before);
        state = next;
        if (permitted && reports) {
          const reported = breakerResult(state, given, succeeded, now);
          if (succeeded && state.kind === 'closed' && reported.kind === 'open') {
            // A success opens nothing that was not failing often enough already.
            expect(state.calls.length + 1).toBeLessThanOrEqual(given.minimumCalls);
          }
          state = reported;
        }
        if (state.kind === 'closed') expect(state.calls.length).toBeLessThanOrEqual(given.windowCalls);
        if (state.kind === 'half-open') expect(state.started).toBeLessThanOrEqual(given.probes);
        if (state.kind === 'open') expect(state.until).toBeLessThanOrEqual(now + given.openMs);
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }
    }),
  );
});

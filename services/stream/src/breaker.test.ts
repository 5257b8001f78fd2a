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

/** What a state may not be, whatever happened; undefined where it is as it should be. */
function faultOf(state: BreakerState, given: BreakerOptions, now: number): string | undefined {
  switch (state.kind) {
    case 'closed':
      if (state.calls.length > given.windowCalls) return 'it remembers more calls than its window';
      return state.calls.length >= given.minimumCalls &&
        state.calls.split('1').length - 1 >= given.failureRate * state.calls.length
        ? 'it is closed though too many calls fail'
        : undefined;
    case 'open':
      return state.until > now + given.openMs ? 'it is open for too long' : undefined;
    case 'half-open':
      return state.started > given.probes ? 'it lets too many probes through' : undefined;
  }
}

/** Whether a state has to let a call through; undefined where that depends on what happened before. */
function mustPermit(state: BreakerState, now: number): boolean | undefined {
  if (state.kind === 'closed') return true;
  return state.kind === 'open' ? now >= state.until : undefined;
}

it('obeys its laws whatever happens', () => {
  fc.assert(
    fc.property(arbitraryOptions, steps, (given, happening) => {
      let state: BreakerState = breakerStart;
      let now = 0;
      for (const { afterMs, succeeded, reports } of happening) {
        now += afterMs;
        const [permitted, next] = breakerPermit(state, given, now);
        expect(permitted).toBe(mustPermit(state, now) ?? permitted);
        expect(permitted ? undefined : next).toEqual(permitted ? undefined : state);
        state = permitted && reports ? breakerResult(next, given, succeeded, now) : next;
        expect(faultOf(state, given, now)).toBeUndefined();
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }
    }),
  );
});

/** When a breaker opens and how it closes again. */
export interface BreakerOptions {
  /** Calls that are looked at, the latest ones. */
  readonly windowCalls: number;
  /** It opens at this share of failures, 0 to 1. */
  readonly failureRate: number;
  /** It never opens on fewer calls than these. */
  readonly minimumCalls: number;
  /** How long it stays open, in milliseconds. */
  readonly openMs: number;
  /** Calls that are let through to try, once it was open. */
  readonly probes: number;
}

/** Resilience4j's defaults, with the minimum for the few calls that a pipeline makes. */
export const breakerDefaults: BreakerOptions = {
  windowCalls: 100,
  failureRate: 0.5,
  minimumCalls: 10,
  openMs: 60_000,
  probes: 10,
};

/** Where a breaker stands: plain data, safe to store. Calls are a text of `0` (success) and `1` (failure). */
export type BreakerState =
  | { readonly kind: 'closed'; readonly calls: string }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open'; readonly since: number; readonly started: number; readonly calls: string };

/** A breaker before its first call. */
export const breakerStart: BreakerState = { kind: 'closed', calls: '' };

const failures = (calls: string): number => calls.split('1').length - 1;

/** Whether the share of failures is too high, whatever the number of calls. */
const tooMany = (calls: string, { failureRate }: BreakerOptions): boolean =>
  calls.length > 0 && failures(calls) / calls.length >= failureRate;

/**
 * Asks for one call. A permitted call must be reported with `breakerResult`; probes that never report are
 * given up after `openMs`, so that a lost answer does not keep the breaker half open for ever.
 */
export function breakerPermit(
  state: BreakerState,
  options: BreakerOptions,
  now: number,
): readonly [permitted: boolean, state: BreakerState] {
  const tryAgain: BreakerState = { kind: 'half-open', since: now, started: 1, calls: '' };
  if (state.kind === 'closed') return [true, state];
  if (state.kind === 'open') return now < state.until ? [false, state] : [true, tryAgain];
  if (state.started < options.probes) return [true, { ...state, started: state.started + 1 }];
  return now - state.since < options.openMs ? [false, state] : [true, tryAgain];
}

/** Reports the end of a permitted call. A late answer to a call from before it opened changes nothing. */
export function breakerResult(
  state: BreakerState,
  options: BreakerOptions,
  succeeded: boolean,
  now: number,
): BreakerState {
  if (state.kind === 'open') return state;
  const calls = state.calls + (succeeded ? '0' : '1');
  if (state.kind === 'closed') {
    const window = calls.slice(-options.windowCalls);
    const opens = window.length >= options.minimumCalls && tooMany(window, options);
    return opens ? { kind: 'open', until: now + options.openMs } : { kind: 'closed', calls: window };
  }
  if (calls.length < options.probes) return { ...state, calls };
  return tooMany(calls, options) ? { kind: 'open', until: now + options.openMs } : breakerStart;
}

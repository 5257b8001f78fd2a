import type { Random } from '../stage.ts';

/** How delays grow from one retry to the next. */
export const backoffStrategies = ['exponential', 'linear', 'fibonacci', 'adaptive', 'decorrelated'] as const;
/** How delays grow from one retry to the next. */
export type BackoffStrategy = (typeof backoffStrategies)[number];

/** How a delay is spread, so that what failed together does not come back together. */
export const jitters = ['none', 'full', 'equal'] as const;
/** How a delay is spread, so that what failed together does not come back together. */
export type Jitter = (typeof jitters)[number];

/** What shapes a backoff. All delays are whole milliseconds in [0, maxMs]. */
export interface BackoffOptions {
  readonly strategy: BackoffStrategy;
  /** Delay before the first retry, before jitter. */
  readonly baseMs: number;
  /** No delay is longer. */
  readonly maxMs: number;
  /** Growth of exponential and adaptive; 2 doubles. */
  readonly factor: number;
  readonly jitter: Jitter;
  /** Adaptive only: the wait after which such failures used to be over; null where nothing is known. */
  readonly learnedMs: number | null;
}

/** Where a backoff stands: plain data, the same for all strategies, safe to store. */
export interface BackoffState {
  /** Delays given so far. */
  readonly made: number;
  /** What the decorrelated strategy carries from one delay to the next. */
  readonly memo: number;
}

/** A backoff before its first delay. */
export const backoffStart: BackoffState = { made: 0, memo: 0 };

/** The next delay in milliseconds, and the state behind it. */
export type Backoff = (
  state: BackoffState,
  options: BackoffOptions,
  random: Random,
) => readonly [delayMs: number, state: BackoffState];

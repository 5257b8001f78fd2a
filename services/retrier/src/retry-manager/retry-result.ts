/** Why retrying ended without success. */
export const stopReasons = [
  'exhausted',
  'not-retryable',
  'condition',
  'not-worthwhile',
  'budget',
  'circuit-open',
  'aborted',
] as const;
/** Why retrying ended without success. */
export type StopReason = (typeof stopReasons)[number];

/** One call of the operation that failed. */
export interface FailedAttempt {
  /** 1 for the first call. */
  readonly attempt: number;
  readonly error: unknown;
  /** When it began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** In milliseconds. */
  readonly duration: number;
  /** The wait behind it, in milliseconds; null where no retry followed. */
  readonly delay: number | null;
}

interface Counts {
  /** Calls of the operation, the first among them. */
  readonly attempts: number;
  /** Calls beyond the first. */
  readonly retries: number;
  /** All waits together, in milliseconds. */
  readonly totalDelay: number;
  /** From call to result, in milliseconds. */
  readonly duration: number;
  /** The calls that failed, in order. */
  readonly failures: readonly FailedAttempt[];
}

/** What retrying came to. `result` is the value of the operation where `success` is true. */
export type RetryResult<T> = Counts &
  (
    | {
        readonly success: true;
        readonly result: T;
        readonly error: undefined;
        readonly stopReason: undefined;
      }
    | {
        readonly success: false;
        readonly result: undefined;
        readonly error: unknown;
        readonly stopReason: StopReason;
      }
  );

/** The value of a successful result; throws the error of another. */
export function unwrap<T>(outcome: RetryResult<T>): T {
  if (outcome.success) return outcome.result;
  throw outcome.error;
}

/** Nothing was called, since too many calls of this operation failed lately. */
export class CircuitOpenError extends Error {
  readonly code = 'CIRCUIT_OPEN';
  /** After so many milliseconds a call is let through again. */
  readonly retryAfterMs: number;

  constructor(operation: string, retryAfterMs: number) {
    super(`too many calls of ${operation} failed; no call is let through for ${retryAfterMs} ms`);
    this.name = 'CircuitOpenError';
    this.retryAfterMs = retryAfterMs;
  }
}

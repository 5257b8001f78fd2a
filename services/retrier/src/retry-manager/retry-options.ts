import type { BackoffStrategy, BreakerOptions, BudgetOptions, Jitter } from '@faultline/stream';

/** How failures of one type are retried. Delays in milliseconds. */
export interface RetryTuning {
  /** Runs beyond the first: `maxRetries: 3` makes at most four attempts. 3 unless told. */
  readonly maxRetries?: number;
  /** Delay before the first retry, before jitter. 1,000 unless told. */
  readonly baseDelay?: number;
  /** No delay of the strategy is longer. A hundred times the base unless told. */
  readonly maxDelay?: number;
  /** `exponential` unless told. */
  readonly strategy?: BackoffStrategy;
  /** Growth of exponential and adaptive. 2 unless told. */
  readonly factor?: number;
  /** `equal` unless told: each delay between half and the whole of what the strategy says. */
  readonly jitter?: Jitter;
}

/** What a {@link RetryManager} is made with. */
export interface RetryManagerOptions extends RetryTuning {
  /** What differs for an error type, such as RATE_LIMIT_ERROR. */
  readonly policies?: Readonly<Record<string, RetryTuning>>;
  /** Names, codes and types of errors that are never retried, besides those that are pointless for everybody. */
  readonly nonRetryableErrors?: readonly string[];
  /** Breakers for calls that name an operation; on unless told, with Resilience4j's numbers. */
  readonly circuitBreaker?: boolean | Partial<BreakerOptions>;
  /** Limits retries to a share of all calls; off unless told. */
  readonly retryBudget?: boolean | Partial<BudgetOptions>;
  /** Whether the adaptive strategy learns from results; on unless told. */
  readonly enableLearning?: boolean;
  /** Milliseconds since the epoch; the clock of the machine unless told. */
  readonly now?: () => number;
  /** Waits, and rejects when the signal fires; timers unless told. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Numbers in [0, 1). */
  readonly random?: () => number;
}

/** A thrown value, with the fields that errors of clients commonly have. A value that is no object comes wrapped. */
export interface RetriedError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string | number;
  readonly status: number;
  readonly cause?: unknown;
  readonly [key: string]: unknown;
}

/** What the caller knows of the operation. */
export interface RetryContext {
  /** Type of the failures to expect: chooses the policy and what the adaptive strategy has learned. */
  readonly errorType?: string;
  /** Name of the operation: calls of one name share a breaker. */
  readonly operation?: string;
  readonly [key: string]: unknown;
}

/** What one call may say. */
export interface RetryCall extends RetryTuning {
  readonly context?: RetryContext;
  /** Asked after each failure that may be retried; `attempt` counts the attempts made, from 1. */
  readonly retryCondition?: (error: RetriedError, attempt: number) => boolean | Promise<boolean>;
  /** Told before each wait; `attempt` is the number of the retry to come, from 1, `delay` in milliseconds. */
  readonly onRetry?: (error: RetriedError, attempt: number, delay: number) => void;
  /** Ends waiting and retrying at once. */
  readonly signal?: AbortSignal;
}

/** What an operation is told when it is called. */
export interface AttemptContext {
  /** 1 for the first call. */
  readonly attempt: number;
  readonly signal: AbortSignal | undefined;
}

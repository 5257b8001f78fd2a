import type { ClassificationRetryClass } from '@faultline/schemas';
import type { BackoffStrategy, Jitter, RetryWorth } from '@faultline/stream';

/** How one kind of failure is retried. */
export interface RetryPolicy {
  readonly strategy: BackoffStrategy;
  /** Runs beyond the first, which was the failure itself. */
  readonly maxRetries: number;
  /** Delay before the first retry. */
  readonly baseMs: number;
  /** No delay is longer; null for a hundred times the base. */
  readonly maxMs: number | null;
  /** Growth of exponential and adaptive. */
  readonly factor: number;
  readonly jitter: Jitter;
  /** No retry begins later than this after the broker took the record; null for the deadline alone. */
  readonly maxElapsedMs: number | null;
}

/** What a retry class does to a policy. */
export interface ClassRule {
  /** Upper limit of retries; 0 refuses to retry; null leaves the policy's. */
  readonly maxRetries: number | null;
  /** The base is at least this. */
  readonly minimumBaseMs: number;
}

/** When a job of a CI system is not run again, whatever its failure. */
export interface CiLimits {
  /** Jobs are only run again by us where this attempt of them failed, or an earlier one. */
  readonly lastAttempt: number;
  /** More failed jobs in one run than these are a breakage, not bad luck. */
  readonly mostFailedJobs: number;
  /** A run older than this can no longer be run again. */
  readonly maxAgeMs: number;
}

/** All that the retrier knows: knowledge of the kind `retry-policies`. */
export interface RetryPolicies {
  readonly default: RetryPolicy;
  /** What differs for an error type, such as NETWORK_ERROR. */
  readonly byErrorType: Readonly<Record<string, Partial<RetryPolicy>>>;
  /** What differs for a category or all below it; the longest prefix is applied last. */
  readonly byCategory: Readonly<Record<string, Partial<RetryPolicy>>>;
  readonly classes: Readonly<Record<ClassificationRetryClass, ClassRule>>;
  /** Exception types and error codes that are never retried, whatever their category. */
  readonly nonRetryableTypes: readonly string[];
  readonly ci: CiLimits;
  /** Words in the name of a task or operation that change the world outside. */
  readonly sideEffects: readonly string[];
  /** What a further round of the ladder multiplies the base with: retrying again as before would be pointless. */
  readonly laterRoundFactor: number;
  /** Retrying stops where even the upper bound of the success rate is below this. */
  readonly worthwhileRate: number;
  /** What retrying was worth, by fingerprint, category or error type. */
  readonly worth: Readonly<Record<string, RetryWorth>>;
}

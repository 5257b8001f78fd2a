import type { Attempt, ErrorRecord, RetryState, RetryStateDecision } from '@faultline/schemas';
import {
  backoffStart,
  nextDelay,
  worthRetrying,
  type Delay,
  type Emit,
  type End,
  type Random,
  type Reason,
} from '@faultline/stream';
import { attemptKey } from './attempt-key.ts';
import type { PolicyInForce } from './policy-for.ts';
import { writeProgress, type RetryProgress } from './progress.ts';
import { travelling } from './travelling.ts';

/** What the retrier knows while it decides on one record. */
export interface Retrying {
  readonly record: ErrorRecord;
  readonly inForce: PolicyInForce;
  /** Policy in force when retrying began, with its version. */
  readonly policy: string;
  readonly maxRetries: number;
  readonly progress: RetryProgress;
  readonly attempts: readonly Attempt[];
  readonly worthwhileRate: number;
  readonly now: number;
  readonly random: Random;
}

/** Wishes of the failure itself for the next delay. */
export interface NextDelayWish {
  /** Not before this many milliseconds, such as Retry-After. */
  readonly atLeastMs: number | null;
  /** Exactly this many milliseconds, whatever the policy says. */
  readonly exactlyMs: number | null;
}

/** Progress at the beginning of a round. */
export function beginProgress(
  record: ErrorRecord,
  { policy, backoff }: PolicyInForce,
  now: number,
): RetryProgress {
  return {
    since: record.retry?.attempts.length ?? 0,
    startedAt: now,
    until: policy.maxElapsedMs === null ? null : record.receivedAt + policy.maxElapsedMs,
    options: backoff,
    state: backoffStart,
    waits: 0,
  };
}

function stateOf(
  { policy, progress, maxRetries, attempts }: Retrying,
  rest: Pick<RetryState, 'nextAt' | 'nextKey' | 'backoff' | 'decision' | 'reason'>,
): RetryState {
  return { policy, strategy: progress.options.strategy, maxRetries, attempts, ...rest };
}

const ended = { nextAt: null, nextKey: null, backoff: null } as const;

/** Retrying is over without success: on to the fixer. */
export function giveUp(retrying: Retrying, reason: Reason, decision: RetryStateDecision, why: string): Emit {
  const retry = stateOf(retrying, { ...ended, decision, reason: why });
  return { kind: 'emit', to: 'errors.fixable', record: { ...retrying.record, retry }, reason, why };
}

/** A retry succeeded: the end of the record. */
export function resolve(retrying: Retrying, why: string): End {
  const retry = stateOf(retrying, { ...ended, decision: 'resolved', reason: why });
  return {
    kind: 'end',
    state: 'resolved',
    record: { ...retrying.record, retry },
    reason: 'retry-succeeded',
    why,
  };
}

/** Into errors.delayed until `at`, for the run under `key`. */
export function delayUntil(retrying: Retrying, at: number, key: string, reason: Reason, why: string): Delay {
  const backoff = writeProgress(retrying.progress);
  const retry = stateOf(retrying, { nextAt: at, nextKey: key, backoff, decision: 'scheduled', reason: why });
  const record = { ...retrying.record, event: travelling(retrying.record.event), retry };
  return { kind: 'delay', notBefore: at, record, reason, why };
}

const secondsText = (ms: number): string => `${ms / 1_000} s`;

/** Schedules the next retry, or gives up where the policy, what is known, or the deadline leaves none. */
export function scheduleNext(retrying: Retrying, wish: NextDelayWish): Delay | Emit {
  const { record, progress, attempts, maxRetries, inForce, now, random, worthwhileRate } = retrying;
  const made = attempts.length - progress.since;
  if (made >= maxRetries) {
    return giveUp(retrying, 'exhausted', 'exhausted', `${made} of ${maxRetries} retries failed`);
  }
  if (inForce.worth !== undefined && !worthRetrying(inForce.worth, made + 1, worthwhileRate)) {
    const why = `retry ${made + 1} of such failures succeeds in fewer than ${worthwhileRate * 100} % of cases`;
    return giveUp(retrying, 'gave-up', 'gave-up', why);
  }
  const [backoffMs, state] = nextDelay(progress.state, progress.options, random);
  const delayMs = Math.round(wish.exactlyMs ?? Math.max(backoffMs, wish.atLeastMs ?? 0));
  const at = now + delayMs;
  if (progress.until !== null && at > progress.until) {
    return giveUp(
      retrying,
      'gave-up',
      'gave-up',
      `the next retry, in ${secondsText(delayMs)}, is beyond the policy's time`,
    );
  }
  if (at >= record.deadline) {
    return giveUp(
      retrying,
      'deadline',
      'gave-up',
      `the next retry, in ${secondsText(delayMs)}, is beyond the deadline`,
    );
  }
  const next = { ...retrying, progress: { ...progress, state, waits: 0 } };
  const why = `retry ${made + 1} of ${maxRetries} in ${secondsText(delayMs)} (${progress.options.strategy})`;
  return delayUntil(next, at, attemptKey(record, attempts.length + 1), 'scheduled', why);
}

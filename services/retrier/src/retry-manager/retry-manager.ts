import {
  backoffStart,
  learnedWait,
  learnRetry,
  nextDelay,
  nothingKnown,
  worthRetrying,
  type BackoffState,
  type BreakerState,
  type RetryWorth,
} from '@faultline/stream';
import { RetryGuards } from './retry-guards.ts';
import type { AttemptContext, RetriedError, RetryCall, RetryManagerOptions } from './retry-options.ts';
import { CircuitOpenError, type FailedAttempt, type RetryResult, type StopReason } from './retry-result.ts';
import { settingsOf, type RetrySettings } from './settings.ts';
import { sleep, unlessAborted } from './sleep.ts';
import { asObject, isPointless, namesOf, wishOfError } from './thrown.ts';

/** The adaptive strategy stops where even the upper bound of the success rate is below this. */
const WORTHWHILE_RATE = 0.05;
/** What was learned halves its weight in a week. */
const HALF_LIFE_MS = 7 * 86_400_000;
/** Error types that are learned about, the one least recently seen forgotten first. */
const MAX_TYPES = 1_000;

/** Counts of a manager since it was made. */
export interface RetryStatistics {
  readonly calls: number;
  readonly successes: number;
  readonly failures: number;
  readonly retries: number;
  readonly byStopReason: Readonly<Partial<Record<StopReason, number>>>;
  /** State of the breaker of each operation. */
  readonly circuits: Readonly<Record<string, BreakerState['kind']>>;
  /** What the adaptive strategy knows, by error type. */
  readonly learned: Readonly<Record<string, RetryWorth>>;
}

/** How far one call has come. */
interface Progress {
  readonly failures: FailedAttempt[];
  readonly startedAt: number;
  /** When the first attempt failed. */
  failedAt: number;
  totalDelay: number;
  backoff: BackoffState;
}

/** A decision after a failure: wait so long, or stop. */
type Next = { readonly delay: number } | { readonly stop: StopReason };

/** Calls an operation again where it fails, by one of five backoff strategies. Usable alone. */
export class RetryManager {
  readonly #options: RetryManagerOptions;
  readonly #guards: RetryGuards;
  readonly #nonRetryable: ReadonlySet<string>;
  readonly #now: () => number;
  readonly #sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly #random: () => number;
  readonly #worth = new Map<string, RetryWorth>();
  readonly #stops = new Map<StopReason, number>();
  #calls = 0;
  #successes = 0;
  #retries = 0;

  /** Throws a TypeError that names the option which is wrong. */
  constructor(options: RetryManagerOptions = {}) {
    settingsOf([options]);
    for (const policy of Object.values(options.policies ?? {})) settingsOf([options, policy]);
    this.#options = options;
    this.#guards = new RetryGuards(options.circuitBreaker, options.retryBudget);
    this.#nonRetryable = new Set(options.nonRetryableErrors ?? []);
    this.#now = options.now ?? (() => Date.now());
    this.#sleep = options.sleep ?? sleep;
    this.#random = options.random ?? (() => Math.random());
  }

  /**
   * Calls `operation` until it succeeds or retrying ends, and resolves with what it came to: it does not
   * reject for what the operation throws. It rejects for wrong options, and for what `retryCondition` or
   * `onRetry` throw. {@link unwrap} turns the result into the value or the error.
   */
  async executeWithRetry<T>(
    operation: (context: AttemptContext) => T | Promise<T>,
    call: RetryCall = {},
  ): Promise<RetryResult<T>> {
    if (typeof operation !== 'function') throw new TypeError('the operation must be a function');
    const type = call.context?.errorType;
    const { policies } = this.#options;
    const policy =
      type !== undefined && policies !== undefined && Object.hasOwn(policies, type)
        ? policies[type]
        : undefined;
    const settings = settingsOf([this.#options, policy, call]);
    const startedAt = this.#now();
    const progress: Progress = {
      failures: [],
      startedAt,
      failedAt: startedAt,
      totalDelay: 0,
      backoff: backoffStart,
    };
    this.#calls += 1;
    this.#guards.earn();
    for (;;) {
      const attempt = progress.failures.length + 1;
      if (isAborted(call)) return this.#stop(progress, 'aborted', call.signal?.reason);
      const blockedForMs = this.#guards.blockedForMs(call.context?.operation, this.#now());
      if (blockedForMs > 0) {
        const open = new CircuitOpenError(call.context?.operation ?? '', blockedForMs);
        return this.#stop(progress, 'circuit-open', progress.failures.at(-1)?.error ?? open);
      }
      const attemptedAt = this.#now();
      let error: unknown;
      try {
        const running = (async () => operation({ attempt, signal: call.signal }))();
        const result = await unlessAborted(running, call.signal);
        this.#ended(call, progress, true);
        return this.#succeed(progress, result);
      } catch (thrown) {
        error = thrown;
      }
      const aborted = isAborted(call);
      const duration = this.#now() - attemptedAt;
      if (!aborted) this.#ended(call, progress, false, error);
      const next = aborted
        ? ({ stop: 'aborted' } as const)
        : await this.#next(settings, progress, call, error);
      const delay = 'delay' in next ? next.delay : null;
      progress.failures.push({ attempt, error, startedAt: attemptedAt, duration, delay });
      if ('stop' in next) return this.#stop(progress, next.stop, error);
      call.onRetry?.(asObject(error) as RetriedError, attempt, next.delay);
      try {
        await this.#sleep(next.delay, call.signal);
        progress.totalDelay += next.delay;
        this.#retries += 1;
      } catch (interrupted) {
        if (!isAborted(call)) throw interrupted;
      }
    }
  }

  /** Counts since this manager was made. */
  getStatistics(): RetryStatistics {
    const failures = [...this.#stops.values()].reduce((sum, count) => sum + count, 0);
    return {
      calls: this.#calls,
      successes: this.#successes,
      failures,
      retries: this.#retries,
      byStopReason: Object.fromEntries(this.#stops),
      circuits: this.#guards.circuits(),
      learned: Object.fromEntries(this.#worth),
    };
  }

  /** Takes over what another manager had learned, as its statistics give it. */
  importLearning(learned: Readonly<Record<string, RetryWorth>>): void {
    for (const [type, worth] of Object.entries(learned)) this.#worth.set(type, worth);
  }

  /** What to do after a failure. */
  async #next(settings: RetrySettings, progress: Progress, call: RetryCall, error: unknown): Promise<Next> {
    const attempt = progress.failures.length + 1;
    const type = call.context?.errorType;
    if (attempt > settings.maxRetries) return { stop: 'exhausted' };
    if (isPointless(error, this.#nonRetryable) || (type !== undefined && this.#nonRetryable.has(type))) {
      return { stop: 'not-retryable' };
    }
    if (
      call.retryCondition !== undefined &&
      !(await call.retryCondition(asObject(error) as RetriedError, attempt))
    ) {
      return { stop: 'condition' };
    }
    const adaptive = settings.backoff.strategy === 'adaptive';
    const worth = adaptive ? (this.#worth.get(typeOf(call, error)) ?? nothingKnown) : nothingKnown;
    if (!worthRetrying(worth, attempt, WORTHWHILE_RATE)) return { stop: 'not-worthwhile' };
    if (!this.#guards.spend()) return { stop: 'budget' };
    const options = { ...settings.backoff, learnedMs: learnedWait(worth) };
    const [backoffMs, state] = nextDelay(progress.backoff, options, this.#random);
    progress.backoff = state;
    const wish = wishOfError(error, this.#now());
    return { delay: wish.exactlyMs ?? Math.max(backoffMs, wish.atLeastMs ?? 0) };
  }

  /** Tells breaker and learning how an attempt ended. */
  #ended(call: RetryCall, progress: Progress, succeeded: boolean, error?: unknown): void {
    const now = this.#now();
    const retry = progress.failures.length;
    this.#guards.ended(call.context?.operation, succeeded, now);
    if (retry === 0) {
      progress.failedAt = now;
      return;
    }
    if (this.#options.enableLearning === false) return;
    const type = typeOf(call, error ?? progress.failures.at(-1)?.error);
    const known = this.#worth.get(type) ?? nothingKnown;
    const result = { retry, waitedMs: now - progress.failedAt, succeeded, at: now };
    this.#worth.delete(type);
    this.#worth.set(type, learnRetry(known, result, HALF_LIFE_MS));
    if (this.#worth.size <= MAX_TYPES) return;
    for (const oldest of this.#worth.keys()) {
      this.#worth.delete(oldest);
      break;
    }
  }

  #counts({ failures, startedAt, totalDelay }: Progress, attempts: number) {
    return {
      attempts,
      retries: Math.max(0, attempts - 1),
      totalDelay,
      duration: this.#now() - startedAt,
      failures,
    };
  }

  #succeed<T>(progress: Progress, result: T): RetryResult<T> {
    this.#successes += 1;
    const counts = this.#counts(progress, progress.failures.length + 1);
    return { ...counts, success: true, result, error: undefined, stopReason: undefined };
  }

  #stop(progress: Progress, stopReason: StopReason, error: unknown): RetryResult<never> {
    this.#stops.set(stopReason, (this.#stops.get(stopReason) ?? 0) + 1);
    const counts = this.#counts(progress, progress.failures.length);
    return { ...counts, success: false, result: undefined, error, stopReason };
  }
}

/** Asked anew each time: the signal may fire during any wait. */
const isAborted = ({ signal }: RetryCall): boolean => signal?.aborted === true;

/** Under which type a failure is learned about. */
const typeOf = ({ context }: RetryCall, error: unknown): string =>
  context?.errorType ?? namesOf(error)[0] ?? 'UNKNOWN_ERROR';

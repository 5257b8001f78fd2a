import type { AttemptAnswer, AttemptAsk } from '@faultline/stream';

/**
 * Runs an operation again and says what it came to. It never rejects for what a target does. It answers
 * `pending` only where asking again under the same key does no harm: nothing was sent, or the target takes
 * the key for what it is.
 */
export type Executor = (ask: AttemptAsk, signal: AbortSignal) => Promise<AttemptAnswer>;

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** What an executor says of a run, without the times. */
export interface RunResult {
  readonly state: AttemptAnswer['state'];
  readonly detail: string;
  readonly status?: number | null;
  readonly retryAfterMs?: number | null;
}

/** Makes an executor of a function that runs: adds the times to what it says. */
export function timed(
  now: Clock,
  run: (ask: AttemptAsk, signal: AbortSignal) => Promise<RunResult>,
): Executor {
  return async (ask, signal) => {
    const startedAt = now();
    const { state, detail, status = null, retryAfterMs = null } = await run(ask, signal);
    return { kind: 'attempt', state, detail, status, startedAt, durationMs: now() - startedAt, retryAfterMs };
  };
}

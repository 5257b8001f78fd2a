import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { Fault, storableJson, type AttemptAnswer, type AttemptAsk } from '@faultline/stream';
import { onPostgres } from './unavailable.ts';
import type { Executor, Executors } from '../runtime/stage-types.ts';

/** What a caller may wait for a run before it is told `pending`. */
const DEFAULT_WAIT_MS = 2_000;
/** A run may take so long before it counts as lost, where the rerun does not say. */
const DEFAULT_RUN_MS = 30_000;
const STORE_AGAIN_MS = 500;

interface AttemptRow {
  readonly state: 'started' | 'done';
  readonly owner: string;
  readonly answer: AttemptAnswer | null;
  readonly age_ms: number;
}

/** Runs operations again: one key runs once, and its answer is kept. */
export interface Attempts {
  readonly answer: (ask: AttemptAsk) => Promise<AttemptAnswer>;
  /** Waits for the runs under way, then gives up on the rest. */
  readonly stop: (deadlineMs: number) => Promise<void>;
}

/**
 * Attempts whose start and end stand in Postgres. After a crash between call and answer an idempotent run is
 * called again under the same key; any other is answered `unknown`, since nobody can tell.
 */
export function attemptStore(pool: Pool, executors: Executors, now: () => number): Attempts {
  const owner = randomUUID();
  const running = new Map<string, Promise<AttemptAnswer>>();
  const abort = new AbortController();

  /** Stores an answer, however long Postgres is away: what was done outside must not be forgotten. */
  const keep = async (key: string, answer: AttemptAnswer): Promise<void> => {
    for (;;) {
      try {
        await onPostgres(async () =>
          answer.state === 'pending'
            ? // No end: whoever asks next begins again, under the same key.
              pool.query(`DELETE FROM attempts WHERE key = $1 AND owner = $2`, [key, owner])
            : pool.query(
                `UPDATE attempts SET state = 'done', answer = $2, ended_at = now() WHERE key = $1 AND owner = $3`,
                [key, storableJson(answer), owner],
              ),
        );
        return;
      } catch (error) {
        if (!(error instanceof Fault) || !error.retryable || abort.signal.aborted) throw error;
        await after(STORE_AGAIN_MS);
      }
    }
  };

  const run = async (ask: AttemptAsk, executor: Executor): Promise<AttemptAnswer> => {
    const startedAt = now();
    const runMs = ask.rerun.timeoutMs ?? DEFAULT_RUN_MS;
    const signal = AbortSignal.any([abort.signal, AbortSignal.timeout(runMs)]);
    const answer = await executor(ask, signal).catch((error: unknown): AttemptAnswer => ({
      kind: 'attempt',
      state: 'failed',
      detail: error instanceof Error ? error.message : String(error),
      status: null,
      startedAt,
      durationMs: now() - startedAt,
      retryAfterMs: null,
    }));
    await keep(ask.key, answer);
    return answer;
  };

  const begin = (ask: AttemptAsk, executor: Executor): Promise<AttemptAnswer> => {
    const promise = run(ask, executor);
    running.set(ask.key, promise);
    promise.catch(() => undefined).finally(() => running.delete(ask.key));
    return promise;
  };

  const start = async (
    ask: AttemptAsk,
    executor: Executor,
  ): Promise<AttemptAnswer | Promise<AttemptAnswer>[]> => {
    const { rowCount } = await onPostgres(async () =>
      pool.query(
        `INSERT INTO attempts (key, state, owner) VALUES ($1, 'started', $2) ON CONFLICT DO NOTHING`,
        [ask.key, owner],
      ),
    );
    if (rowCount === 1) return [begin(ask, executor)];
    const { rows } = await onPostgres(async () =>
      pool.query<AttemptRow>(
        `SELECT state, owner, answer, (extract(epoch FROM now() - started_at) * 1000)::float8 AS age_ms
         FROM attempts WHERE key = $1`,
        [ask.key],
      ),
    );
    const row = rows[0];
    if (row?.state === 'done' && row.answer !== null) return row.answer;
    const lost = row === undefined || row.age_ms > (ask.rerun.timeoutMs ?? DEFAULT_RUN_MS) * 1.5;
    if (!lost) return pending(now());
    if (!ask.idempotent) {
      return {
        ...pending(now()),
        state: 'unknown',
        detail: 'the service died between the call and its answer',
      };
    }
    const taken = await onPostgres(async () =>
      pool.query(
        `UPDATE attempts SET owner = $2, started_at = now(), runs = runs + 1
         WHERE key = $1 AND state = 'started' AND owner = $3`,
        [ask.key, owner, row?.owner ?? ''],
      ),
    );
    return taken.rowCount === 1 ? [begin(ask, executor)] : pending(now());
  };

  return {
    answer: async (ask) => {
      const executor = executors[ask.rerun.kind];
      if (executor === undefined) {
        return {
          ...pending(now()),
          state: 'refused',
          detail: `no executor is configured for ${ask.rerun.kind}`,
        };
      }
      const known = running.get(ask.key);
      const begun = known === undefined ? await start(ask, executor) : [known];
      if (!Array.isArray(begun)) return begun;
      const waitMs = Math.min(ask.deadlineMs, DEFAULT_WAIT_MS);
      return Promise.race([begun[0] ?? pending(now()), after(waitMs).then(() => pending(now()))]);
    },
    stop: async (deadlineMs) => {
      await Promise.race([Promise.allSettled(running.values()), after(deadlineMs)]);
      abort.abort(new Error('the service stops'));
      await Promise.allSettled(running.values());
    },
  };
}

const pending = (at: number): AttemptAnswer => ({
  kind: 'attempt',
  state: 'pending',
  detail: 'the run has not ended yet',
  status: null,
  startedAt: at,
  durationMs: 0,
  retryAfterMs: null,
});

const after = async (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

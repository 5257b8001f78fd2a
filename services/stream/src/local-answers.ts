import type { Rerun } from '@faultline/schemas';
import type { Answerer, LineClock } from './pipeline.ts';
import type { Answer, Answers, Ask, AttemptAnswer, AttemptAsk, ClaimAnswer, ClaimAsk } from './ask.ts';

/** Runs an operation again. It should observe `signal`; what it rejects with becomes a failed attempt. */
export type LocalExecutor = (ask: AttemptAsk, signal: AbortSignal) => Promise<AttemptAnswer>;

/** What answers are made with in one process. */
export interface LocalAnswersOptions {
  readonly clock: LineClock;
  /** Executors by kind of rerun; a kind without one is answered `refused`. */
  readonly executors: Partial<Readonly<Record<Rerun['kind'], LocalExecutor>>>;
  /** Claims that are remembered, the oldest forgotten first. */
  readonly maxClaims?: number;
  /** How long a claim holds, in milliseconds. */
  readonly claimForMs?: number;
  /** Ended runs whose answer is remembered by their key. */
  readonly maxRuns?: number;
}

/** Default of {@link LocalAnswersOptions.maxClaims}: about 20 MB of ids and coordinates. */
const MAX_CLAIMS = 100_000;
/** Default of {@link LocalAnswersOptions.maxRuns}. */
const MAX_RUNS = 10_000;
/** Default of {@link LocalAnswersOptions.claimForMs}: seven days, as on Kafka. */
const CLAIM_FOR_MS = 7 * 86_400_000;

interface Claim extends ClaimAnswer {
  readonly at: number;
}

/**
 * Answers asks from memory: claims as (namespace, id) to the first claimant, attempts by executors. A run is
 * started once for each key: whoever asks again gets the same answer, or `pending` while it still runs.
 */
export class LocalAnswers implements Answerer {
  readonly #options: LocalAnswersOptions;
  readonly #claims = new Map<string, Claim>();
  readonly #running = new Map<string, Promise<AttemptAnswer>>();
  readonly #ended = new Map<string, AttemptAnswer>();
  /** Runs that must be told when the line gives up: one listener for all of them. */
  readonly #live = new Set<AbortController>();
  readonly #heard = new WeakSet<AbortSignal>();

  constructor(options: LocalAnswersOptions) {
    this.#options = options;
  }

  async answer(asks: readonly Ask[], signal: AbortSignal): Promise<Answers> {
    const answered = await Promise.all(
      asks.map(async (ask): Promise<readonly [string, Answer]> => {
        return [ask.key, ask.kind === 'claim' ? this.#claim(ask) : await this.#attempt(ask, signal)];
      }),
    );
    return Object.fromEntries(answered);
  }

  #claim({ claim, id, coordinate, payloadHash }: ClaimAsk): ClaimAnswer {
    const key = `${claim}\u0000${id}`;
    const now = this.#options.clock.now();
    const known = this.#claims.get(key);
    if (known !== undefined && now - known.at < (this.#options.claimForMs ?? CLAIM_FOR_MS)) {
      return { kind: 'claim', holder: known.holder, payloadHash: known.payloadHash };
    }
    this.#claims.delete(key);
    this.#claims.set(key, { kind: 'claim', holder: coordinate, payloadHash, at: now });
    forgetOldest(this.#claims, this.#options.maxClaims ?? MAX_CLAIMS);
    return { kind: 'claim', holder: coordinate, payloadHash };
  }

  async #attempt(ask: AttemptAsk, signal: AbortSignal): Promise<AttemptAnswer> {
    const ended = this.#ended.get(ask.key);
    if (ended !== undefined) return ended;
    const { clock } = this.#options;
    const startedAt = clock.now();
    const executor = this.#options.executors[ask.rerun.kind];
    if (executor === undefined) {
      const detail = `no executor runs "${ask.rerun.kind}" here`;
      return answerOf('refused', detail, startedAt, 0);
    }
    const run = this.#running.get(ask.key) ?? this.#run(executor, ask, signal);
    let cancel = (): void => undefined;
    const late = new Promise<AttemptAnswer>((resolve) => {
      cancel = clock.after(ask.deadlineMs, () => {
        resolve(
          answerOf('pending', `still running after ${ask.deadlineMs} ms`, startedAt, clock.now() - startedAt),
        );
      });
    });
    try {
      return await Promise.race([run, late]);
    } finally {
      cancel();
    }
  }

  /** Starts a run; what it ends as is remembered, `pending` is not an end. */
  #run(executor: LocalExecutor, ask: AttemptAsk, signal: AbortSignal): Promise<AttemptAnswer> {
    const { clock } = this.#options;
    const startedAt = clock.now();
    const abort = this.#hear(signal);
    const running = (async (): Promise<AttemptAnswer> => {
      let answer: AttemptAnswer;
      try {
        answer = await executor(ask, abort.signal);
      } catch (error) {
        const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        answer = answerOf('failed', detail, startedAt, clock.now() - startedAt);
      }
      this.#live.delete(abort);
      this.#running.delete(ask.key);
      if (answer.state !== 'pending') {
        this.#ended.set(ask.key, answer);
        forgetOldest(this.#ended, this.#options.maxRuns ?? MAX_RUNS);
      }
      return answer;
    })();
    this.#running.set(ask.key, running);
    return running;
  }

  /** An abort of its own for a run, which fires with the signal of the line. */
  #hear(signal: AbortSignal): AbortController {
    const abort = new AbortController();
    if (signal.aborted) abort.abort();
    else this.#live.add(abort);
    if (!this.#heard.has(signal)) {
      this.#heard.add(signal);
      signal.addEventListener('abort', () => {
        for (const live of this.#live) live.abort();
        this.#live.clear();
      });
    }
    return abort;
  }
}

const answerOf = (
  state: AttemptAnswer['state'],
  detail: string,
  startedAt: number,
  durationMs: number,
): AttemptAnswer => ({
  kind: 'attempt',
  state,
  detail,
  status: null,
  startedAt,
  durationMs,
  retryAfterMs: null,
});

/** Maps keep insertion order, so the first keys are the oldest. */
function forgetOldest(map: Map<string, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}

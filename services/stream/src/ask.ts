import type { Coordinate, Rerun } from '@faultline/schemas';

/** Asks that an id belongs to whoever asks first: (kind, id) to the first claiming coordinate. */
export interface ClaimAsk {
  readonly kind: 'claim';
  readonly key: string;
  /** Namespace of the id, such as `event`. */
  readonly claim: string;
  readonly id: string;
  readonly coordinate: Coordinate;
  /** Hash of what the claimant says under this id; another hash is a conflict. */
  readonly payloadHash: string;
}

/** Asks for one run of an operation again. The same key again gives the answer of the first run. */
export interface AttemptAsk {
  readonly kind: 'attempt';
  readonly key: string;
  readonly rerun: Rerun;
  /** Whether a run whose end is unknown may be run again under the same key. */
  readonly idempotent: boolean;
  readonly deadlineMs: number;
}

/** What a stage wants to know before it decides: data, answered by the runtime in batches. */
export type Ask = ClaimAsk | AttemptAsk;

/** Who holds the claim. */
export interface ClaimAnswer {
  readonly kind: 'claim';
  readonly holder: Coordinate;
  readonly payloadHash: string;
}

/**
 * What a run came to. `pending`: it has not ended within the deadline, ask again later under the same key.
 * `unknown`: a crash came between call and answer, and the run may not be repeated.
 * `refused`: no executor takes it, such as a kind that is not configured.
 */
export interface AttemptAnswer {
  readonly kind: 'attempt';
  readonly state: 'succeeded' | 'failed' | 'pending' | 'unknown' | 'refused';
  readonly detail: string;
  readonly status: number | null;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly retryAfterMs: number | null;
}

/** An answer of the runtime. */
export type Answer = ClaimAnswer | AttemptAnswer;

/** Answers by the key of their ask. An ask that could not be answered in time has none. */
export type Answers = Readonly<Record<string, Answer>>;

/** The claim answer under a key, where there is one. */
export function claimAnswer(answers: Answers, key: string): ClaimAnswer | undefined {
  const answer = answers[key];
  return answer?.kind === 'claim' ? answer : undefined;
}

/** The attempt answer under a key, where there is one. */
export function attemptAnswer(answers: Answers, key: string): AttemptAnswer | undefined {
  const answer = answers[key];
  return answer?.kind === 'attempt' ? answer : undefined;
}

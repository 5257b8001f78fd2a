import type { Outcome } from './events.ts';

/** What every outcome must say; the rest has a value for "nothing known". */
export type OutcomeInput = Pick<Outcome, 'id' | 'subject' | 'stage' | 'at'> & Partial<Outcome>;

/** An outcome that knows nothing yet, less what it must say: the defaults of the schema. */
export const emptyOutcome: Omit<Outcome, 'id' | 'subject' | 'stage' | 'at'> = {
  coordinate: null,
  eventId: null,
  input: null,
  from: null,
  to: null,
  reason: null,
  why: null,
  round: 0,
  hops: 0,
  receivedAt: null,
  deadline: null,
  versions: {},
  answers: null,
  event: null,
  classification: null,
  retry: null,
  fix: null,
  escalation: null,
  range: null,
  traceparent: null,
};

/** A whole outcome: the fields that are not given stand at the defaults of the schema. */
export const wholeOutcome = (input: OutcomeInput): Outcome => ({ ...emptyOutcome, ...input });

import type { ErrorRecord, Work } from '@faultline/schemas';
import type { Answers, Ask } from './ask.ts';
import type { Knowledge, KnowledgeBodies, KnowledgeSpecs } from './knowledge.ts';

/** The stages of the line, in its order. */
export const stageNames = ['classifier', 'retrier', 'fixer', 'escalator'] as const;
/** Name of a stage. */
export type StageName = (typeof stageNames)[number];

/** Part of the envelope that a stage fills. */
export const filledBy = {
  classifier: 'classification',
  retrier: 'retry',
  fixer: 'fix',
  escalator: 'escalation',
} as const satisfies Record<StageName, keyof ErrorRecord>;

/** Topics that a record can move on to. */
export type NextTopic = 'errors.classified' | 'errors.fixable' | 'errors.unresolved' | 'errors.escalated';

/** Why a record was decided upon as it was: closed, a metric label, at zero from the start. */
export const reasons = {
  classifier: ['classified', 'unknown', 'duplicate', 'duplicate-conflict', 'filtered', 'invalid-event'],
  retrier: [
    'scheduled',
    'waiting',
    'cascaded',
    'retry-succeeded',
    'not-retryable',
    'no-way-to-rerun',
    'side-effects',
    'exhausted',
    'refused',
    'gave-up',
    'deadline',
    'outcome-unknown',
  ],
  fixer: ['proposed', 'declined', 'applied', 'fix-verified', 'fix-pending'],
  escalator: ['escalated', 'another-round', 'muted'],
} as const satisfies Record<StageName, readonly string[]>;

/** Reasons of dead letters, whichever stage. */
export const deadLetterReasons = [
  'empty',
  'bad-magic',
  'truncated',
  'trailing-bytes',
  'unknown-schema',
  'schema-mismatch',
  'invalid-event',
  'unexpected-exception',
  'too-large',
] as const;
/** Reason of a dead letter. */
export type DeadLetterReason = (typeof deadLetterReasons)[number];

/** Any reason of any stage. */
export type Reason = (typeof reasons)[StageName][number];

/** On to the next topic. */
export interface Emit {
  readonly kind: 'emit';
  readonly to: NextTopic;
  readonly record: ErrorRecord;
  readonly reason: Reason;
  readonly why: string;
}

/** Into errors.delayed until `notBefore`, which stands in `record.retry.nextAt` too. */
export interface Delay {
  readonly kind: 'delay';
  readonly notBefore: number;
  readonly record: ErrorRecord;
  readonly reason: Reason;
  readonly why: string;
}

/** The end of the record, without a person. */
export interface End {
  readonly kind: 'end';
  readonly state: 'resolved' | 'suppressed';
  readonly record: ErrorRecord;
  readonly reason: Reason;
  readonly why: string;
}

/** The bytes go to errors.dead-letter as they were read. */
export interface DeadLetter {
  readonly kind: 'dead-letter';
  readonly reason: DeadLetterReason;
  readonly why: string;
}

/** Long work, beside the move of the record. */
export interface AskWork {
  readonly kind: 'work';
  readonly work: Work;
}

/** What moves the record: each decision holds exactly one of these. */
export type Move = Emit | Delay | End | DeadLetter;

/** What a stage decides: data, never a promise. */
export type StageOutcome = Move | AskWork;

/** Numbers in [0, 1), the same for the same decision. */
export type Random = () => number;

/**
 * A stage: two pure functions. Neither does any input or output, reads a clock or changes its input, and
 * neither throws for anything that a record may hold.
 */
export interface Stage<Bodies extends KnowledgeBodies = KnowledgeBodies> {
  readonly name: StageName;
  readonly knowledge: KnowledgeSpecs<Bodies>;
  /** What must be known before deciding; the same record gives the same asks. */
  plan(record: ErrorRecord, now: number): readonly Ask[];
  /** Exactly one move, and any work beside it. */
  decide(
    record: ErrorRecord,
    answers: Answers,
    knowledge: Knowledge<Bodies>,
    now: number,
    random: Random,
  ): readonly StageOutcome[];
}

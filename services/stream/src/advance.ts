import type { ErrorRecord, Outcome, OutcomeTo, Position, TopicName, Work } from '@faultline/schemas';
import type { Answers } from './ask.ts';
import {
  filledBy,
  type DeadLetter,
  type Move,
  type NextTopic,
  type Stage,
  type StageName,
  type StageOutcome,
} from './stage.ts';
import { versionVector, type Knowledge, type KnowledgeBodies } from './knowledge.ts';
import { seededRandom, transitionId } from './transition.ts';

/** Where a record stands when it is on a topic. */
const stateOnTopic = {
  'errors.raw': 'raw',
  'errors.classified': 'classified',
  'errors.delayed': 'delayed',
  'errors.fixable': 'fixable',
  'errors.unresolved': 'unresolved',
  'errors.escalated': 'escalated',
} as const satisfies Partial<Record<TopicName, OutcomeTo>>;

/** A topic whose records a stage reads. */
export type InputTopic = Exclude<keyof typeof stateOnTopic, 'errors.escalated'>;

/** What one decision makes: where the record goes, what is told of it, and work beside it. */
export interface Advance {
  readonly move: Move;
  /** The record as it goes on, with hops and versions; absent for a dead letter. */
  readonly record: ErrorRecord | undefined;
  readonly outcome: Outcome;
  readonly work: readonly Work[];
}

/** What a decision is made with. */
export interface Deciding<Bodies extends KnowledgeBodies> {
  readonly stage: Stage<Bodies>;
  readonly record: ErrorRecord;
  readonly input: Position & { readonly topic: InputTopic };
  readonly answers: Answers;
  readonly knowledge: Knowledge<Bodies>;
  readonly now: number;
  readonly traceparent: string | null;
}

/** A stage broke its contract: it decided on none or on several moves. */
export class StageContractError extends Error {
  constructor(stage: StageName, moves: number) {
    super(`the ${stage} decided on ${moves} moves for one record; a decision holds exactly one`);
    this.name = 'StageContractError';
  }
}

/**
 * Lets a stage decide on a record and completes what it decided: hops and versions on the record, and the
 * transition that is told on errors.outcomes. Pure: both compositions, on Kafka and in process, use it.
 */
export function advance<Bodies extends KnowledgeBodies>(deciding: Deciding<Bodies>): Advance {
  const { stage, record, answers, knowledge, now } = deciding;
  const id = transitionId(record, stage.name);
  const outcomes = stage.decide(record, answers, knowledge, now, seededRandom(id));
  const move = theMove(stage.name, outcomes);
  const versions = versionVector(knowledge);
  const next =
    move.kind === 'dead-letter'
      ? undefined
      : { ...move.record, hops: record.hops + 1, versions: { ...move.record.versions, ...versions } };
  return {
    move,
    record: next,
    outcome: describe(deciding, id, move, next, versions),
    work: outcomes.flatMap((outcome) => (outcome.kind === 'work' ? [outcome.work] : [])),
  };
}

/** State of a record behind a move. */
export function stateBehind(move: Move): OutcomeTo {
  switch (move.kind) {
    case 'emit':
      return stateOnTopic[move.to satisfies NextTopic];
    case 'delay':
      return 'delayed';
    case 'end':
      return move.state;
    case 'dead-letter':
      return 'dead-lettered';
  }
}

/** State of a record that lies on an input topic. */
export const stateBefore = (topic: InputTopic): OutcomeTo => stateOnTopic[topic];

function theMove(stage: StageName, outcomes: readonly StageOutcome[]): Move {
  const moves = outcomes.filter((outcome): outcome is Move => outcome.kind !== 'work');
  const [move] = moves;
  if (move === undefined || moves.length !== 1) throw new StageContractError(stage, moves.length);
  return move;
}

function describe<Bodies extends KnowledgeBodies>(
  { stage, record, input, answers, now, traceparent }: Deciding<Bodies>,
  id: string,
  move: Exclude<Move, DeadLetter> | DeadLetter,
  next: ErrorRecord | undefined,
  versions: Readonly<Record<string, string>>,
): Outcome {
  const part = filledBy[stage.name];
  const empty = { classification: null, retry: null, fix: null, escalation: null };
  const first = input.topic === 'errors.raw';
  return {
    id,
    subject: 'record',
    stage: stage.name,
    at: now,
    coordinate: record.coordinate,
    eventId: record.event.id,
    input: { topic: input.topic, partition: input.partition, offset: input.offset },
    from: stateBefore(input.topic),
    to: stateBehind(move),
    reason: move.reason,
    why: move.why,
    round: record.round,
    hops: record.hops,
    receivedAt: record.receivedAt,
    deadline: record.deadline,
    versions,
    answers: Object.keys(answers).length === 0 ? null : JSON.stringify(answers),
    ...empty,
    event: first && next !== undefined ? next.event : null,
    ...(next === undefined ? {} : { [part]: next[part] }),
    range: null,
    traceparent,
  };
}

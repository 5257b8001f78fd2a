import { coordinateText, sameCoordinate, type ErrorRecord } from '@faultline/schemas';
import {
  claimAnswer,
  Fault,
  hashOf,
  type Answers,
  type ClaimAsk,
  type Knowledge,
  type Stage,
  type StageOutcome,
} from '@faultline/stream';
import { classifierKnowledge, type ClassifierBodies } from './domain/knowledge.ts';
import { classifyRecord } from './domain/classify-record.ts';
import { invalidReason } from './domain/invalid-reason.ts';
import { createRedactor, type RedactOptions } from './domain/redact/redactor.ts';

/** What the classifier is made with. */
export interface ClassifierDeps {
  /** Whether the model may decide where no rule and no pattern does; true where absent. */
  readonly enableMLClassification?: boolean;
  /** Below this confidence the answer is unknown, 0 to 1; 0.7 where absent. */
  readonly confidenceThreshold?: number;
  readonly redact?: RedactOptions;
}

/** Key of the only ask. */
const CLAIM_KEY = 'event';

/** The classifier: redacts, finds what matters, names the cause and groups it. */
export function createClassifierStage(deps: ClassifierDeps = {}): Stage<ClassifierBodies> {
  const redactor = createRedactor(deps.redact ?? {});
  const settings = {
    redactor,
    enableMLClassification: deps.enableMLClassification ?? true,
    confidenceThreshold: deps.confidenceThreshold ?? 0.7,
  };
  return {
    name: 'classifier',
    knowledge: classifierKnowledge,
    plan: (record) => (invalidReason(record.event, redactor) === undefined ? [claimOf(record)] : []),
    decide: (record, answers, knowledge) => {
      const invalid = invalidReason(record.event, redactor);
      if (invalid !== undefined) return [{ kind: 'dead-letter', reason: 'invalid-event', why: invalid }];
      return [decideOn(record, answers, knowledge)];
    },
  };

  function decideOn(
    record: ErrorRecord,
    answers: Answers,
    knowledge: Knowledge<ClassifierBodies>,
  ): StageOutcome {
    const claim = claimAnswer(answers, CLAIM_KEY);
    if (claim === undefined) {
      throw new Fault(
        'STAGE_CONTRACT',
        `the claim on event ${record.event.id} was not answered before deciding`,
        {
          remedy: 'The runtime answers claims before it decides; this is a defect of the runtime.',
        },
      );
    }
    const done = classifyRecord(record, knowledge, settings);
    if (!sameCoordinate(claim.holder, record.coordinate)) {
      const same = claim.payloadHash === claimOf(record).payloadHash;
      return {
        kind: 'end',
        state: 'suppressed',
        record: done,
        reason: same ? 'duplicate' : 'duplicate-conflict',
        why: `event id ${record.event.id} was first seen at ${coordinateText(claim.holder)}, ${same ? 'with the same payload' : 'with another payload'}`,
      };
    }
    const { classification } = done;
    const unknown = classification.strategy === 'none';
    return {
      kind: 'emit',
      to: 'errors.classified',
      record: done,
      reason: unknown ? 'unknown' : 'classified',
      why: unknown
        ? `no rule, pattern or model names the cause of: ${classification.title}`
        : `${classification.category} by ${classification.strategy}${classification.ruleId === null ? '' : ` ${classification.ruleId}`}`,
    };
  }
}

/** A redriven record claims an id of its own, since the record that it replaces holds the event's. */
function claimOf(record: ErrorRecord): ClaimAsk {
  const { event, coordinate } = record;
  return {
    kind: 'claim',
    key: CLAIM_KEY,
    claim: 'event',
    id: event.redriveOf === null ? event.id : `${event.id}@${coordinateText(event.redriveOf)}`,
    coordinate,
    payloadHash: hashOf('event', JSON.stringify({ ...event, redriveOf: null })),
  };
}

import { createClassifierStage } from '@faultline/classifier';
import { createEscalatorStage } from '@faultline/escalator';
import { createFixerStage } from '@faultline/fixer';
import { createExecutors, createRetrierStage } from '@faultline/retrier';
import { delayTiersMs, tierFor, type Outcome, type Work } from '@faultline/schemas';
import {
  baselineSnapshots,
  LocalAnswers,
  Pipeline,
  snapshotOf,
  type LineClock,
  type LocalExecutor,
} from '@faultline/stream';
import type { Settings } from '../settings/settings.ts';
import { retryKnowledge } from './retry-knowledge.ts';

/** What the line in this process is made of beside the settings. */
export interface LocalLineParts {
  readonly clock: LineClock;
  readonly local: LocalExecutor;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onWork: (work: Work) => void;
}

/** The four stages in this process, with the knowledge that ships with them. */
export function localLine(settings: Settings, { clock, local, onOutcome, onWork }: LocalLineParts): Pipeline {
  const classifier = createClassifierStage({
    confidenceThreshold: settings.confidenceThreshold,
    redact: { keys: settings.redactKeys },
  });
  const retrier = createRetrierStage({ attemptTimeoutMs: settings.attemptTimeoutMs });
  const fixer = createFixerStage({ enabled: settings.fixes });
  const escalator = createEscalatorStage();
  const { http } = createExecutors(
    {
      FAULTLINE_ATTEMPT_TIMEOUT_MS: settings.attemptTimeoutMs,
      FAULTLINE_OUTBOUND_ALLOW: [...settings.outboundAllow],
      FAULTLINE_CREDENTIALS: {},
      FAULTLINE_REPUBLISH_TOPICS: [],
    },
    { now: () => clock.now() },
  );
  return new Pipeline({
    stages: {
      classifier: { stage: classifier, knowledge: baselineSnapshots(classifier.knowledge) },
      retrier: {
        stage: retrier,
        knowledge: {
          ...baselineSnapshots(retrier.knowledge),
          'retry-policies': snapshotOf('baseline', retryKnowledge(settings.retry)),
        },
      },
      fixer: { stage: fixer, knowledge: baselineSnapshots(fixer.knowledge) },
      escalator: { stage: escalator, knowledge: baselineSnapshots(escalator.knowledge) },
    },
    answerer: new LocalAnswers({ clock, executors: { local, ...(http === undefined ? {} : { http }) } }),
    clock,
    onOutcome,
    onWork,
    // in the tiers of errors.delayed, so that a record makes the same hops here as on Kafka
    waitFor: (delayMs) => delayTiersMs[tierFor(delayMs)] || delayMs,
    maxInFlight: settings.maxInFlight,
    maxWaiting: settings.maxWaiting,
  });
}

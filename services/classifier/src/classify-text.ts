import { errorEvent, type Classification, type ErrorEvent } from '@faultline/schemas';
import { baselineSnapshots, type Knowledge } from '@faultline/stream';
import { classifyEvent } from './domain/classify-event.ts';
import { classifyWith } from './domain/classify-with-knowledge.ts';
import type { ClassifyWith } from './domain/classify-with.ts';
import { cutExcerpt } from './domain/cut-excerpt.ts';
import { classifierKnowledge, type ClassifierBodies } from './domain/knowledge.ts';
import { createRedactor, type RedactOptions } from './domain/redact/redactor.ts';
import { redactEvent } from './domain/redact/redact-event.ts';

/** How a text or an event is classified without a cluster. */
export interface ClassifyOptions {
  /** What is known beside what ships, such as a pack with rules of your own. */
  readonly knowledge?: Knowledge<ClassifierBodies>;
  /** Whether the model may decide where no rule and no pattern does; true where absent. */
  readonly enableMLClassification?: boolean;
  /** Below this confidence the answer is unknown, 0 to 1; 0.7 where absent. */
  readonly confidenceThreshold?: number;
  /** Log of a run of the same job that passed. */
  readonly passingLog?: string;
  readonly redact?: RedactOptions;
  /** Whatever is known beside the text: exit code, task, labels. */
  readonly event?: Partial<ErrorEvent>;
}

/** What the classifier makes of a text. */
export interface Classified {
  /** The event, redacted, its log cut as it would be on the line. */
  readonly event: ErrorEvent;
  /** Lines counted in the event's excerpt. */
  readonly classification: Classification;
  /** The same lines counted in the text as it was given. */
  readonly original: Classification;
  /** The event, redacted, its log not cut yet. */
  readonly redacted: ErrorEvent;
}

const shipped = baselineSnapshots(classifierKnowledge);

/** What the stage would decide on a log or on any text that tells of a failure. */
export function classifyText(text: string, options: ClassifyOptions = {}): Classified {
  return classifyWhole(
    errorEvent({
      id: 'text',
      time: 0,
      source: 'text',
      message: '',
      log: { text, truncated: false, omittedLines: null, pointer: null },
      ...options.event,
    }),
    options,
  );
}

/** What the stage would decide on an event; it is redacted first. */
export function classifyWhole(event: ErrorEvent, options: ClassifyOptions = {}): Classified {
  const redacted = redactEvent(event, createRedactor(options.redact ?? {}));
  const original = classifyEvent(redacted, usingOf(options), options.passingLog);
  return { ...cutExcerpt(redacted, original), original, redacted };
}

function usingOf(options: ClassifyOptions): ClassifyWith {
  return classifyWith(options.knowledge ?? shipped, {
    enableMLClassification: options.enableMLClassification ?? true,
    confidenceThreshold: options.confidenceThreshold ?? 0.7,
  });
}

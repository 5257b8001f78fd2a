import type { Classification, ErrorRecord } from '@faultline/schemas';
import type { Knowledge } from '@faultline/stream';
import { classifyEvent } from './classify-event.ts';
import { classifyWith } from './classify-with-knowledge.ts';
import { cutExcerpt } from './cut-excerpt.ts';
import type { ClassifierBodies } from './knowledge.ts';
import { redactEvent } from './redact/redact-event.ts';
import type { Redactor } from './redact/redactor.ts';

/** A record with its classification. */
export type ClassifiedRecord = ErrorRecord & { readonly classification: Classification };

/** How the classifier was set up. */
export interface ClassifySettings {
  readonly redactor: Redactor;
  readonly enableMLClassification: boolean;
  readonly confidenceThreshold: number;
}

/** How far the clock of a producer may be ahead of the broker's, in milliseconds: five minutes. */
const MAX_SKEW_MS = 300_000;

/** A record, redacted, its time held against the broker's clock, classified, its log cut to what explains it. */
export function classifyRecord(
  record: ErrorRecord,
  knowledge: Knowledge<ClassifierBodies>,
  settings: ClassifySettings,
): ClassifiedRecord {
  const redactedEvent = redactEvent(record.event, settings.redactor);
  const ahead = redactedEvent.time - record.receivedAt;
  const skewed = ahead > MAX_SKEW_MS;
  const event = skewed ? { ...redactedEvent, time: record.receivedAt } : redactedEvent;
  const classification = classifyEvent(event, classifyWith(knowledge, settings));
  const cut = cutExcerpt(event, classification);
  return {
    ...record,
    event: cut.event,
    clockSkewMs: skewed ? ahead : record.clockSkewMs,
    classification: cut.classification,
  };
}

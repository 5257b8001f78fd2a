import type { Classification, ErrorRecord } from '@faultline/schemas';
import type { Knowledge } from '@faultline/stream';
import { classifyEvent } from './classify-event.ts';
import type { ClassifierBodies } from './knowledge.ts';
import { redactEvent } from './redact/redact-event.ts';
import type { Redactor } from './redact/redactor.ts';
import { RuleSet } from './rules/rule-set.ts';
import type { RulePack } from './rules/rule.ts';

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

// A snapshot never changes, so what is compiled from it can be kept for as long as the snapshot lives.
const compiled = new WeakMap<RulePack, RuleSet>();

function rulesOf(pack: RulePack): RuleSet {
  const known = compiled.get(pack);
  if (known !== undefined) return known;
  const rules = new RuleSet(pack);
  compiled.set(pack, rules);
  return rules;
}

/** A record, redacted, its time held against the broker's clock, and classified. */
export function classifyRecord(
  record: ErrorRecord,
  knowledge: Knowledge<ClassifierBodies>,
  { redactor }: ClassifySettings,
): ClassifiedRecord {
  const redactedEvent = redactEvent(record.event, redactor);
  const ahead = redactedEvent.time - record.receivedAt;
  const skewed = ahead > MAX_SKEW_MS;
  const event = skewed ? { ...redactedEvent, time: record.receivedAt } : redactedEvent;
  return {
    ...record,
    event,
    clockSkewMs: skewed ? ahead : record.clockSkewMs,
    classification: classifyEvent(event, { rules: rulesOf(knowledge.rules.body) }),
  };
}

import type { Classification, ErrorEvent, Evidence } from '@faultline/schemas';
import { fingerprintOf } from './fingerprint/fingerprint.ts';
import type { RuleHit, RuleSet } from './rules/rule-set.ts';
import { judgeSeverity } from './severity.ts';
import { categoryDefaults } from './taxonomy/categories.ts';
import { cleanLine } from './text/clean-line.ts';
import { splitLines } from './text/split-lines.ts';

/** What a classification is decided with. */
export interface ClassifyWith {
  readonly rules: RuleSet;
}

/** Decides what kind of failure an event is. */
export function classifyEvent(event: ErrorEvent, { rules }: ClassifyWith): Classification {
  const lines = [event.message, event.stack ?? '', event.log?.text ?? ''].flatMap(splitLines).map(cleanLine);
  const hits = rules.match(lines, event.exitCode);
  const best = hits.find((hit) => hit.rule.strength !== 'wrapper');
  const title = best === undefined ? cleanLine(event.message) : (lines[best.line] ?? '');
  const defaults = categoryDefaults(best?.rule.category ?? 'unknown');
  const judged = judgeSeverity({
    base: best?.rule.severity ?? defaults.severity,
    basedOn: best === undefined ? 'default' : `rule ${best.rule.id}`,
    environment: event.environment,
    ref: event.ref,
    hint: event.severityHint,
  });
  const fingerprint = fingerprintOf({
    type: event.type,
    message: title,
    frames: [],
    explicit: event.fingerprint,
  });
  return {
    category: best?.rule.category ?? 'unknown',
    errorType: best?.rule.errorType ?? defaults.errorType,
    severity: judged.severity,
    severityReason: judged.reason,
    retryClass: best?.rule.retryClass ?? 'unknown',
    tool: best?.rule.tool ?? null,
    confidence: best === undefined ? 0 : 0.9,
    strategy: best === undefined ? 'none' : 'rule',
    ruleId: best?.rule.id ?? null,
    title,
    cause: best?.rule.cause ?? null,
    remedy: best?.rule.remedy ?? null,
    evidence: best === undefined ? [] : [ruleEvidence(best)],
    causeLine: null,
    symptomLine: null,
    exitLine: null,
    region: [],
    exceptionType: event.type,
    frames: [],
    fingerprint,
    groupKey: fingerprint.id,
  };
}

const ruleEvidence = (hit: RuleHit): Evidence => ({
  kind: 'rule',
  id: hit.rule.id,
  text: hit.match.text,
  line: null,
  weight: null,
});

import {
  errorEvent,
  openRecord,
  type Classification,
  type ErrorEvent,
  type ErrorRecord,
} from '@faultline/schemas';

/** When the records of tests were taken. */
export const T0 = 1_750_000_000_000;

/** A classification, with what a test changes of it. */
export function classified(changes: Partial<Classification> = {}): Classification {
  return {
    category: 'dep.lockfile',
    errorType: 'DEPENDENCY_ERROR',
    severity: 'medium',
    severityReason: 'default of the category',
    retryClass: 'never-fixable',
    tool: null,
    confidence: 0.95,
    strategy: 'rule',
    ruleId: 'x',
    title: 'x',
    cause: null,
    remedy: null,
    evidence: [],
    causeLine: null,
    symptomLine: null,
    exitLine: null,
    region: [],
    exceptionType: null,
    frames: [],
    fingerprint: { version: 'v1', id: 'f1', type: 't1', app: null, components: [] },
    groupKey: 'f1',
    ...changes,
  };
}

/** A record as it lies on errors.fixable. */
export function fixableRecord(
  event: Partial<ErrorEvent> = {},
  classification: Partial<Classification> = {},
): ErrorRecord {
  const whole = errorEvent({ id: 'e1', time: T0, source: 'test', message: 'it failed', ...event });
  const record = openRecord(whole, { topicId: 't', partition: 0, offset: 7 }, T0, T0 + 86_400_000);
  return { ...record, classification: classified(classification) };
}

/** A log excerpt of these lines. */
export const logOf = (...lines: readonly string[]): ErrorEvent['log'] => ({
  text: lines.join('\n'),
  truncated: false,
  omittedLines: null,
  pointer: null,
});

import {
  errorEvent,
  openRecord,
  type Classification,
  type ErrorEvent,
  type ErrorRecord,
  type Rerun,
} from '@faultline/schemas';

/** When the records of tests were taken. */
export const T0 = 1_750_000_000_000;
/** Their deadline: a day later. */
export const DEADLINE = T0 + 86_400_000;

/** An HTTP callback that runs the operation again. */
export const httpRerun: Rerun = {
  kind: 'http',
  target: 'https://ci.example.com/jobs/7/retry',
  method: null,
  headers: {},
  body: null,
  key: null,
  idempotent: true,
  sideEffects: [],
  credentials: null,
  timeoutMs: null,
};

/** A classification of a refused connection, with what a test changes of it. */
export function classified(changes: Partial<Classification> = {}): Classification {
  return {
    category: 'network.refused',
    errorType: 'NETWORK_ERROR',
    severity: 'medium',
    severityReason: 'default of the category',
    retryClass: 'backoff',
    tool: null,
    confidence: 0.95,
    strategy: 'rule',
    ruleId: 'network.refused',
    title: 'Connection refused',
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

/** A record as it lies on errors.classified. */
export function classifiedRecord(
  event: Partial<ErrorEvent> = {},
  classification: Partial<Classification> = {},
): ErrorRecord {
  const whole = errorEvent({
    id: 'e1',
    time: T0,
    source: 'test',
    message: 'connect ECONNREFUSED 10.0.0.1:5432',
    rerun: httpRerun,
    ...event,
  });
  const record = openRecord(whole, { topicId: 't', partition: 0, offset: 7 }, T0, DEADLINE);
  return { ...record, classification: classified(classification) };
}

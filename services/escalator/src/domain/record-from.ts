import {
  errorEvent,
  openRecord,
  type Classification,
  type ErrorEvent,
  type ErrorRecord,
  type FixProposal,
  type FixState,
  type RetryState,
  type Severity,
} from '@faultline/schemas';
import { hashOf } from '@faultline/stream';

type Bag = Readonly<Record<string, unknown>>;

const DAY_MS = 86_400_000;
const severities: readonly string[] = ['low', 'medium', 'high', 'critical'] satisfies Severity[];

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;
const bagOf = (value: unknown): Bag => (isBag(value) ? value : {});
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

function plainContext(context: Bag): Readonly<Record<string, string | number | boolean>> {
  return Object.fromEntries(
    Object.entries(context).filter(
      (entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]) && !Number.isNaN(entry[1]),
    ),
  );
}

/** Whether it is the envelope of the line. */
const isRecord = (value: Bag): boolean =>
  isBag(value['coordinate']) && isBag(value['event']) && typeof value['receivedAt'] === 'number';

const isClassification = (value: unknown): value is Classification =>
  isBag(value) &&
  isBag(value['fingerprint']) &&
  typeof value['category'] === 'string' &&
  Array.isArray(value['region']);

const isRetry = (value: unknown): value is RetryState =>
  isBag(value) && Array.isArray(value['attempts']) && typeof value['decision'] === 'string';

function eventFrom(info: Bag, context: Bag, now: number): ErrorEvent {
  const error = bagOf(info['error'] ?? info['originalError'] ?? info);
  const message = textOf(error['message']) ?? textOf(info['message']) ?? textOf(info['error']) ?? '';
  const type = textOf(info['type']) ?? textOf(error['code']) ?? textOf(error['name']);
  const rerun = bagOf(context['rerun']);
  return errorEvent({
    id: textOf(info['id']) ?? hashOf('in-process', message, type ?? '', now).slice(0, 32),
    time: now,
    source: textOf(context['source']) ?? 'in-process',
    message,
    type,
    stack: textOf(error['stack']),
    exitCode: numberOf(error['exitCode']),
    severityHint: textOf(info['severity']),
    environment: textOf(context['environment']),
    repository: textOf(context['repository']),
    commit: textOf(context['commit']),
    ref: textOf(context['ref']),
    pipeline: textOf(context['pipeline']),
    run: textOf(context['run']),
    task: textOf(context['task']),
    agent: textOf(context['agent']),
    operation: textOf(context['operation']),
    context: plainContext(context),
    rerun:
      textOf(rerun['target']) === null
        ? null
        : {
            kind: 'local',
            method: null,
            headers: {},
            body: null,
            key: null,
            idempotent: false,
            sideEffects: [],
            credentials: null,
            timeoutMs: null,
            ...(rerun as { target: string }),
          },
  });
}

function classificationFrom(info: Bag, event: ErrorEvent): Classification | null {
  const given = info['classification'];
  if (isClassification(given)) return given;
  if (isClassification(info)) return info;
  const bag = { ...info, ...bagOf(given) };
  const severity = textOf(bag['severity'])?.toLowerCase() ?? '';
  const type = textOf(bag['errorType']) ?? textOf(bag['type']) ?? event.type ?? 'UNKNOWN';
  const id = textOf(bag['fingerprint']) ?? hashOf('in-process', type, event.message).slice(0, 32);
  const retryable = bag['retryable'];
  return {
    category: textOf(bag['category']) ?? 'unknown',
    errorType: type,
    severity: severities.includes(severity) ? (severity as Severity) : 'UNKNOWN',
    severityReason: severities.includes(severity) ? 'given by the caller' : 'not given',
    retryClass: retryable === true ? 'backoff' : retryable === false ? 'never' : 'unknown',
    tool: textOf(bag['tool']),
    confidence: numberOf(bag['confidence']) ?? 0,
    strategy: 'none',
    ruleId: null,
    title: textOf(bag['title']) ?? event.message,
    cause: textOf(bag['cause']),
    remedy: textOf(bag['remedy']),
    evidence: [],
    causeLine: null,
    symptomLine: null,
    exitLine: null,
    region: [],
    exceptionType: event.type,
    frames: [],
    fingerprint: { version: 'in-process', id, type: id, app: null, components: [] },
    groupKey: textOf(bag['groupKey']) ?? id,
  };
}

const isProposal = (value: unknown): value is FixProposal =>
  isBag(value) && typeof value['confidence'] === 'number' && Array.isArray(value['validation']);

function fixFrom(info: Bag, attempts: readonly unknown[]): FixState | null {
  const given = info['fix'];
  if (isBag(given) && Array.isArray(given['proposals']) && attempts.length === 0)
    return given as unknown as FixState;
  if (attempts.length === 0) return null;
  const bags = attempts.map(bagOf);
  const proposals = bags.flatMap((attempt) => {
    const many = attempt['proposals'];
    return [attempt, attempt['fix'], ...(Array.isArray(many) ? (many as unknown[]) : [])].filter(isProposal);
  });
  const failed = bags.filter((attempt) => attempt['success'] === false || attempt['error'] !== undefined);
  const words = bags.map((attempt, index) => {
    const name =
      textOf(attempt['title']) ??
      textOf(attempt['type']) ??
      textOf(attempt['strategy']) ??
      `fix ${index + 1}`;
    const error = attempt['error'];
    const detail = textOf(error) ?? textOf(bagOf(error)['message']) ?? textOf(attempt['reason']);
    return detail === null ? name : `${name} (${detail})`;
  });
  return {
    proposals,
    chosen: failed.length > 0 ? (proposals[0]?.id ?? null) : null,
    decision: failed.length > 0 ? 'failed' : proposals.length > 0 ? 'proposed' : 'failed',
    reason: `${attempts.length} tried: ${words.join('; ')}`,
  };
}

/**
 * A record made of whatever a caller in the same process knows of an error: an Error, what the classifier
 * gave, or plain fields. What is not given stays unknown and is never made up.
 */
export function recordFrom(
  errorInfo: unknown,
  context: Bag,
  fixAttempts: readonly unknown[],
  now: number,
): ErrorRecord {
  const info = typeof errorInfo === 'string' ? { message: errorInfo } : bagOf(errorInfo);
  if (isRecord(info)) return info as unknown as ErrorRecord;
  const event = eventFrom(info, context, now);
  const coordinate = { topicId: 'in-process', partition: 0, offset: 0 };
  return {
    ...openRecord(event, coordinate, now, now + DAY_MS),
    classification: classificationFrom(info, event),
    retry: isRetry(info['retry']) ? info['retry'] : null,
    fix: fixFrom(info, fixAttempts),
  };
}

import {
  errorEvent,
  openRecord,
  type Classification,
  type ErrorEvent,
  type ErrorRecord,
} from '@faultline/schemas';
import { hashOf } from '@faultline/stream';

/** What a caller knows of a failure, in any of the forms that it comes in. */
export interface ErrorInfo {
  readonly message?: string;
  readonly name?: string;
  readonly type?: string | null;
  readonly stack?: string | null;
  /** Lines of the log. */
  readonly log?: string | ErrorEvent['log'];
  readonly category?: string;
  readonly errorType?: string;
  /** What the classifier found, whole or in part. */
  readonly classification?: Partial<Classification> | null;
  /** The error itself, where it is a part of something larger. */
  readonly error?: unknown;
  readonly event?: Partial<ErrorEvent>;
}

/** Where it happened. */
export interface FixContext {
  readonly repository?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly log?: string;
  readonly signal?: AbortSignal;
  readonly [key: string]: unknown;
}

/** Text without what changes from run to run, for the identity of a cause that nobody classified. */
const masked = (text: string): string =>
  text
    .slice(0, 1_000)
    .replaceAll(/0x[\da-f]+|\b[\da-f]{7,64}\b|\d+/gi, '#')
    .replaceAll(/(?:[A-Za-z]:)?(?:[\\/][\w.@-]+){2,}/g, '<path>');

function asInfo(given: unknown): ErrorInfo {
  if (given instanceof Error) {
    const { name, message, stack } = given;
    const code = 'code' in given && typeof given.code === 'string' ? given.code : name;
    return { message, type: code, stack: stack ?? null };
  }
  if (typeof given === 'object' && given !== null) return given;
  return { message: String(given) };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function excerptOf(log: ErrorInfo['log'] | undefined, context: FixContext): ErrorEvent['log'] {
  const lines = typeof log === 'string' ? log : (log?.text ?? context.log);
  if (lines === undefined) return null;
  return { text: lines, truncated: false, omittedLines: null, pointer: null };
}

const isRecord = (given: unknown): given is ErrorRecord =>
  typeof given === 'object' && given !== null && 'coordinate' in given && 'event' in given && 'hops' in given;

/** A failure as the fixer sees it on the line, from whatever the caller has: an error, a text, parts, a record. */
export function recordOf(given: unknown, context: FixContext, now: number): ErrorRecord {
  if (isRecord(given)) return given;
  const outer = asInfo(given);
  const inner = outer.error === undefined ? outer : { ...asInfo(outer.error), ...definedOf(outer) };
  const info = { ...definedOf(inner.event ?? {}), ...inner } as ErrorInfo;
  const event = errorEvent({
    id: 'local',
    time: now,
    source: 'local',
    message: text(info.message) ?? '',
    type: text(info.type) ?? text(info.name),
    stack: text(info.stack),
    log: excerptOf(info.log ?? undefined, context),
    repository: text(context.repository),
    commit: text(context.commit),
    ref: text(context.ref),
  });
  const record = openRecord(event, { topicId: 'local', partition: 0, offset: 0 }, now, now);
  return { ...record, classification: classificationOf(info, event) };
}

const definedOf = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as Partial<T>;

function classificationOf(info: ErrorInfo, event: ErrorEvent): Classification {
  const known = definedOf(info.classification ?? {});
  const id = hashOf('local', event.type ?? '', masked(event.message)).slice(0, 32);
  return {
    category: info.category ?? 'unknown',
    errorType: info.errorType ?? 'UNKNOWN_ERROR',
    severity: 'UNKNOWN',
    severityReason: 'not classified',
    retryClass: 'unknown',
    tool: null,
    confidence: 0,
    strategy: 'none',
    ruleId: null,
    title: event.message,
    cause: null,
    remedy: null,
    evidence: [],
    causeLine: null,
    symptomLine: null,
    exitLine: null,
    region: [],
    exceptionType: event.type,
    frames: [],
    fingerprint: { version: 'local', id, type: id, app: null, components: [] },
    groupKey: id,
    ...known,
  };
}

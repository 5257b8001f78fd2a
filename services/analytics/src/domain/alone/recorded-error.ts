/** One error as the component keeps it. */
export interface RecordedError {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly errorType: string;
  readonly category: string;
  readonly severity: string;
  readonly environment: string;
  readonly fingerprint: string;
  readonly title: string;
  /** `open` where nothing is known of its end. */
  readonly outcome: 'open' | 'resolved' | 'suppressed' | 'dead-lettered' | 'escalated';
  /** Stage that ended it, where known. */
  readonly stage: string | null;
  readonly durationMs: number | null;
  readonly attempts: number;
}

/** What callers may say of an error: an Error, a classification, or whatever has some of these fields. */
export interface ErrorInfo {
  readonly message?: unknown;
  readonly name?: unknown;
  readonly type?: unknown;
  readonly errorType?: unknown;
  readonly category?: unknown;
  readonly severity?: unknown;
  readonly fingerprint?: unknown;
  readonly title?: unknown;
  readonly timestamp?: unknown;
  readonly time?: unknown;
  readonly classification?: unknown;
}

/** How it ended, as far as it did: what `handleError` gives, or some of it. */
export interface Resolution {
  readonly success?: unknown;
  readonly state?: unknown;
  readonly stage?: unknown;
  readonly method?: unknown;
  readonly durationMs?: unknown;
  readonly attempts?: unknown;
  readonly retry?: unknown;
}

const ends = ['resolved', 'suppressed', 'dead-lettered', 'escalated'] as const;
const TEXT_CHARACTERS = 300;

/** Makes one entry of what a caller says; what is not known has a name of its own, never a guess. */
export function recordedError(
  info: ErrorInfo,
  context: Readonly<Record<string, unknown>>,
  resolution: Resolution | undefined,
  now: number,
): RecordedError {
  const classification = (isObject(info.classification) ? info.classification : info) as ErrorInfo;
  const fingerprint = classification.fingerprint;
  const message = text(info.message) ?? text(classification.title) ?? '';
  const errorType = text(classification.errorType) ?? text(info.type) ?? text(info.name) ?? 'UNKNOWN';
  const attempts = isObject(resolution?.retry) ? resolution.retry['attempts'] : resolution?.attempts;
  return {
    at: timeOf(info.timestamp) ?? timeOf(info.time) ?? now,
    errorType,
    category: text(classification.category) ?? 'unclassified',
    severity: text(classification.severity) ?? 'UNKNOWN',
    environment: text(context['environment']) ?? 'unknown',
    fingerprint:
      text(isObject(fingerprint) ? fingerprint['id'] : fingerprint) ??
      `${errorType}: ${message}`.slice(0, TEXT_CHARACTERS),
    title: text(classification.title) ?? message,
    outcome: outcomeOf(resolution),
    stage: text(resolution?.stage) ?? text(resolution?.method) ?? null,
    durationMs:
      typeof resolution?.durationMs === 'number' && resolution.durationMs >= 0 ? resolution.durationMs : null,
    attempts: Array.isArray(attempts) ? attempts.length : typeof attempts === 'number' ? attempts : 0,
  };
}

function outcomeOf(resolution: Resolution | undefined): RecordedError['outcome'] {
  const named = ends.find((end) => end === resolution?.state);
  return named ?? (resolution?.success === true ? 'resolved' : 'open');
}

function timeOf(value: unknown): number | undefined {
  const time =
    value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : value;
  return typeof time === 'number' && Number.isFinite(time) ? time : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, TEXT_CHARACTERS) : undefined;

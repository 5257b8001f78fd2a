import {
  errorEvent,
  problemsText,
  readContractInput,
  type ErrorEvent,
  type LogExcerpt,
  type Rerun,
} from '@faultline/schemas';
import { cutLog, Fault } from '@faultline/stream';
import { flatContext } from './flat-context.ts';

/** Runs the operation again, in this process. What it rejects with is a failed run. */
export type RerunFunction = (run: {
  /** Identity of this run: the same run is never started twice. */
  readonly key: string;
  /** Fires when the system gives up on the run. */
  readonly signal: AbortSignal;
}) => unknown;

/** What the caller knows of an error; whatever else stands here goes into the context of the event. */
export interface ErrorContext {
  /** Name of the operation; one that was registered under it is run again. */
  readonly operation?: string;
  /** How to run the operation again: a function, or a Rerun of the contract. */
  readonly rerun?: RerunFunction | Partial<Rerun>;
  /** Whether running it twice does no more than running it once. */
  readonly idempotent?: boolean;
  /** Identity of the error; the same again within seven days is a duplicate. */
  readonly eventId?: string;
  readonly source?: string;
  readonly environment?: string;
  readonly severity?: string;
  readonly repository?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly pipeline?: string;
  readonly run?: string;
  readonly task?: string;
  readonly attempt?: number;
  readonly runner?: string;
  readonly agent?: string;
  /** Log of what failed. */
  readonly log?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Explicit grouping. */
  readonly fingerprint?: readonly string[];
  readonly [key: string]: unknown;
}

/** What the event is made with beside error and context. */
export interface EventFilling {
  readonly id: string;
  readonly now: number;
  /** How the operation is run again, where the caller gave a way. */
  readonly rerun: Rerun | null;
}

/** Causes that are followed. */
const MAX_CAUSES = 8;

const texts = [
  'operation',
  'source',
  'environment',
  'repository',
  'commit',
  'ref',
  'pipeline',
  'run',
  'task',
  'runner',
  'agent',
] as const;
const own: ReadonlySet<string> = new Set([
  ...texts,
  'rerun',
  'idempotent',
  'eventId',
  'severity',
  'attempt',
  'log',
  'labels',
  'fingerprint',
]);

/** The event of whatever was thrown. Throws a {@link Fault} that names the field where error or context is wrong. */
export function eventOfError(
  error: unknown,
  context: ErrorContext,
  { id, now, rerun }: EventFilling,
): ErrorEvent {
  if (error === undefined || error === null) {
    throw new Fault('INPUT_INVALID', `error is ${String(error)}`, {
      remedy: 'pass what was thrown: an Error, a text, or an object with a message',
    });
  }
  const thrown = fieldsOf(error);
  const code = thrown['code'];
  const given: Record<string, unknown> = Object.fromEntries(
    texts.flatMap((name) => (context[name] === undefined ? [] : [[name, context[name]]])),
  );
  const draft = errorEvent({
    id,
    time: now,
    source: 'in-process',
    message: messageOf(error, thrown),
    type: typeOf(thrown),
    stack: stackOf(error),
    log: logOf(context, thrown),
    exitCode: typeof code === 'number' && Number.isInteger(code) ? code : whole(thrown['exitCode']),
    signal: textOf(thrown['signal']),
    context: {
      ...(typeof code === 'string' ? { code } : {}),
      ...statusOf(thrown),
      ...flatContext(context, own),
    },
    rerun,
  });
  const read = readContractInput('ErrorEvent', {
    ...draft,
    ...given,
    ...(context.severity === undefined ? {} : { severityHint: context.severity }),
    ...(context.attempt === undefined ? {} : { attempt: context.attempt }),
    ...(context.labels === undefined ? {} : { labels: context.labels }),
    ...(context.fingerprint === undefined ? {} : { fingerprint: context.fingerprint }),
  });
  if (read.ok) return read.value;
  throw new Fault('INPUT_INVALID', `context: ${problemsText(read.problems)}`, {
    remedy: 'correct the fields named above',
  });
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' ? (value as Fields) : {};
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
/** What was thrown, where it is no object. */
const plainText = (value: unknown): string | null =>
  typeof value === 'string' ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  typeof value === 'bigint'
    ? textOf(String(value))
    : null;
const whole = (value: unknown): number | null => (Number.isInteger(value) ? (value as number) : null);

function messageOf(error: unknown, fields: Fields): string {
  const said = textOf(fields['message']) ?? plainText(error);
  if (said !== null) return said;
  const name = textOf(fields['name']) ?? textOf(fields['code']);
  if (name !== null) return name;
  throw new Fault('INPUT_INVALID', 'error has no message', {
    remedy: 'pass an Error, a text, or an object with a message that is a text',
  });
}

/** The class of the error where it has one of its own, else its code. */
function typeOf(fields: Fields): string | null {
  const name = textOf(fields['name']);
  const code = textOf(fields['code']);
  return name !== null && !['Error', 'error', 'Object'].includes(name) ? name : (code ?? name);
}

/** The stack with the stacks of its causes behind it, as Node prints them. */
function stackOf(error: unknown): string | null {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  let at: unknown = error;
  while (at !== undefined && at !== null && !seen.has(at) && parts.length < MAX_CAUSES) {
    seen.add(at);
    const fields = fieldsOf(at);
    const stack =
      textOf(fields['stack']) ?? textOf(fields['message']) ?? (parts.length > 0 ? plainText(at) : null);
    if (stack !== null) parts.push(parts.length === 0 ? stack : `Caused by: ${stack}`);
    const inner: unknown = fields['errors'];
    at = fields['cause'] ?? (Array.isArray(inner) ? inner[0] : undefined);
  }
  return parts.length === 0 ? null : parts.join('\n');
}

/** The log of the caller, else what a failed child process printed. */
function logOf(context: ErrorContext, thrown: Fields): LogExcerpt | null {
  if (context.log !== undefined && typeof context.log !== 'string') {
    throw new Fault('INPUT_INVALID', `context.log is no text but ${typeof context.log}`, {
      remedy: 'give the log as one text',
    });
  }
  const printed = [thrown['stdout'], thrown['stderr']]
    .map((output) => (Buffer.isBuffer(output) ? output.toString('utf8') : output))
    .filter((output): output is string => typeof output === 'string' && output !== '');
  const text = context.log ?? (printed.length === 0 ? undefined : printed.join('\n'));
  return text === undefined || text === '' ? null : cutLog(text);
}

/** HTTP status and Retry-After, under the names that the retrier reads. */
function statusOf(fields: Fields): Readonly<Record<string, number>> {
  const response = fieldsOf(fields['response']);
  const status = [fields['status'], fields['statusCode'], response['status']].find(Number.isInteger);
  const retryAfterMs = fields['retryAfterMs'];
  return {
    ...(status === undefined ? {} : { status: status as number }),
    ...(typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs) ? { retryAfterMs } : {}),
  };
}

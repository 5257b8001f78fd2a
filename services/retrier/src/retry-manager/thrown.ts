import { retryAfterMs } from '../executors/retry-after.ts';
import type { NextDelayWish } from '../domain/moves.ts';

/** Errors that are the same however often one asks. TypeError is not among them: fetch throws it for the network. */
const POINTLESS: ReadonlySet<string> = new Set([
  'SyntaxError',
  'ReferenceError',
  'AbortError',
  'insufficient_quota',
]);
/** The longest that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** Names under which a thrown value is known: name, code and type, also of the body that a client attaches. */
export function namesOf(error: unknown): readonly string[] {
  const own = fieldsOf(error);
  const inner = fieldsOf(own['error']);
  return [own['name'], own['code'], own['type'], inner['code'], inner['type']].filter(
    (name) => typeof name === 'string',
  );
}

/** Whether an error says itself that retrying is pointless, or has a name that does. */
export function isPointless(error: unknown, nonRetryable: ReadonlySet<string>): boolean {
  if (fieldsOf(error)['retryable'] === false) return true;
  return namesOf(error).some((name) => POINTLESS.has(name) || nonRetryable.has(name));
}

const positive = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.min(LONGEST_MS, value) : null;

/** A header out of whatever the client keeps headers in: a Headers object or a plain one. */
function headerOf(headers: unknown, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(fieldsOf(headers)).find(([key]) => key.toLowerCase() === name);
  return typeof found?.[1] === 'string' ? found[1] : undefined;
}

/**
 * What an error wishes for the next delay: `nextRetryDelay` in milliseconds exactly; at least `retryAfterMs`
 * in milliseconds, `retryAfter` in seconds, or the header Retry-After of `headers` or `response.headers`.
 */
export function wishOfError(error: unknown, now: number): NextDelayWish {
  const own = fieldsOf(error);
  const header =
    headerOf(own['headers'], 'retry-after') ?? headerOf(fieldsOf(own['response'])['headers'], 'retry-after');
  const seconds = positive(own['retryAfter']);
  const atLeastMs =
    positive(own['retryAfterMs']) ?? (seconds === null ? null : seconds * 1_000) ?? retryAfterMs(header, now);
  return { exactlyMs: positive(own['nextRetryDelay']), atLeastMs };
}

/** A thrown value as callbacks see it: an object, whatever was thrown. */
export const asObject = (error: unknown): object =>
  typeof error === 'object' && error !== null ? error : new Error(String(error));

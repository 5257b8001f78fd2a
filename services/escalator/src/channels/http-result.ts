import { OutboundRefused } from '../outbound-guard.ts';
import type { SendResult } from './channel.ts';

const SECOND_MS = 1_000;
const LONGEST_WAIT_MS = 3_600_000; // a Retry-After beyond an hour is asked again after an hour

/** Retry-After in milliseconds: seconds or a date (RFC 9110, 10.2.3); null where it is absent or nonsense. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * SECOND_MS : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_WAIT_MS, Math.max(0, ms));
}

/** What an answer that is not a success means: 408, 425, 429 and 5xx may pass, the rest never does. */
export function failedAnswer(
  status: number,
  body: string,
  retryAfter: string | null,
  now: number,
): SendResult {
  const error = `HTTP ${status}${body === '' ? '' : `: ${body.slice(0, 300)}`}`;
  if (status === 410) return { kind: 'gone', error };
  const passes = status === 408 || status === 425 || status === 429 || status >= 500;
  if (!passes) return { kind: 'refused', error };
  // A gateway may have passed the request on before it gave up; a rate limit has not.
  const doubtful = status >= 500 && status !== 503;
  return { kind: 'retry', error, retryAfterMs: retryAfterMs(retryAfter, now), doubtful };
}

const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(error: unknown): string | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 5 && at instanceof Error; depth += 1) {
    const { code } = at as { readonly code?: unknown };
    if (typeof code === 'string' && NEVER_SENT.has(code)) return code;
    at = at instanceof AggregateError ? at.errors[0] : (at.cause ?? (at as { original?: unknown }).original);
  }
  return undefined;
}

/** What a call without an answer means: it may have got through unless no connection was made. */
export function failedCall(error: unknown): SendResult {
  if (error instanceof OutboundRefused) return { kind: 'refused', error: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return {
    kind: 'retry',
    error: `${message}${cause}`.slice(0, 300),
    retryAfterMs: null,
    doubtful: codeOf(error) === undefined,
  };
}

import type { ReadableStream } from 'node:stream/web';
import { Fault } from '@faultline/stream';
import { needed, type LineLocation } from './locate-line.ts';

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  /** JSON where it is JSON, else the text. */
  readonly body: unknown;
}

/** One call. */
export interface ApiCall {
  readonly method?: 'GET' | 'POST';
  /** A value for JSON, or a stream of NDJSON. */
  readonly body?: { readonly json: unknown } | { readonly ndjson: ReadableStream };
}

/** How long the API may take to begin its answer. */
const API_MS = 60_000;

/**
 * Calls the HTTP API. Rejects where it cannot be reached, where it answers 5xx, and where it refuses the input;
 * 404 comes back as an answer, since its meaning is the caller's.
 */
export async function callApi(location: LineLocation, path: string, call: ApiCall = {}): Promise<ApiAnswer> {
  const response = await respond(location, path, call);
  return { status: response.status, body: parsed(await response.text()) };
}

/** The same with the answer as it comes: for what is too large for one value. */
export async function respond(
  location: LineLocation,
  path: string,
  { method = 'GET', body }: ApiCall = {},
): Promise<Response> {
  const base = needed(location.apiUrl, 'the API', 'FAULTLINE_API_URL');
  const headers: Record<string, string> = {};
  if (location.apiToken !== undefined) headers['authorization'] = `Bearer ${location.apiToken}`;
  if (body !== undefined) {
    headers['content-type'] = 'json' in body ? 'application/json' : 'application/x-ndjson';
  }
  let response: Response;
  try {
    response = await fetch(`${base}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(API_MS),
      ...(body === undefined
        ? {}
        : 'json' in body
          ? { body: JSON.stringify(body.json) }
          : { body: body.ndjson as globalThis.ReadableStream, duplex: 'half' as const }),
    });
  } catch (error) {
    throw new Fault('UNREACHABLE', `the API at ${base}: ${reasonOf(error)}`, {
      remedy: 'see npm run status; start the line with npm start, or correct FAULTLINE_API_URL',
      retryable: true,
      cause: error,
    });
  }
  if (response.ok || response.status === 404) return response;
  const { message, remedy } = toldBy(await response.text());
  if (response.status >= 500) {
    throw new Fault('UNREACHABLE', `the API at ${base} answered ${response.status}: ${message}`, {
      remedy: remedy ?? 'see the log of analytics: npm run status names it',
      retryable: true,
    });
  }
  throw new Fault('INPUT_INVALID', message, { remedy: remedy ?? 'correct what the answer names' });
}

/** What an error of the API says, and its remedy where it has one. */
function toldBy(text: string): { readonly message: string; readonly remedy: string | undefined } {
  const body = parsed(text);
  const error: unknown =
    typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const field = (name: string): string | undefined => {
    const value: unknown =
      typeof error === 'object' && error !== null
        ? (error as Readonly<Record<string, unknown>>)[name]
        : undefined;
    return typeof value === 'string' ? value : undefined;
  };
  return { message: field('message') ?? text.slice(0, 500), remedy: field('remedy') };
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || String(error.cause) : error.message;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

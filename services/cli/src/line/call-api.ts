import { Fault } from '@faultline/stream';
import { needed, type LineLocation } from './locate-line.ts';

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** How long the API may take. */
const API_MS = 30_000;

/**
 * Calls the HTTP API. Rejects where it cannot be reached, where it answers 5xx, and where it refuses the input;
 * 404 comes back as an answer, since its meaning is the caller's.
 */
export async function callApi(
  location: LineLocation,
  path: string,
  init: { readonly method?: 'GET' | 'POST'; readonly body?: unknown } = {},
): Promise<ApiAnswer> {
  const base = needed(location.apiUrl, 'the API', 'FAULTLINE_API_URL');
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${base}${path}`, {
      method: init.method ?? 'GET',
      signal: AbortSignal.timeout(API_MS),
      ...(init.body === undefined
        ? {}
        : { body: JSON.stringify(init.body), headers: { 'content-type': 'application/json' } }),
    });
    text = await response.text();
  } catch (error) {
    throw new Fault('UNREACHABLE', `the API at ${base}: ${reasonOf(error)}`, {
      remedy: 'see npm run status; start the line with npm start, or correct FAULTLINE_API_URL',
      retryable: true,
      cause: error,
    });
  }
  const body = parsed(text);
  if (response.status >= 500) {
    throw new Fault('UNREACHABLE', `the API at ${base} answered ${response.status}: ${text.slice(0, 200)}`, {
      remedy: 'see the log of analytics: npm run status names it',
      retryable: true,
    });
  }
  if (response.status >= 400 && response.status !== 404) {
    throw new Fault('INPUT_INVALID', `the API answered ${response.status}: ${text.slice(0, 500)}`, {
      remedy: 'correct what the answer names',
    });
  }
  return { status: response.status, body };
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

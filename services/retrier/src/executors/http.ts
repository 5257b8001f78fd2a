import type { Rerun } from '@faultline/schemas';
import type { AttemptAsk } from '@faultline/stream';
import { mayBeSentTo, type CredentialResolver } from './credentials.ts';
import { timed, type Clock, type Executor, type RunResult } from './executor.ts';
import { HttpCallError, type HttpAnswer, type HttpClient } from './http-call.ts';
import { retryAfterMs } from './retry-after.ts';

/** What the HTTP executor is built with. */
export interface HttpExecutorDeps {
  readonly client: HttpClient;
  readonly credentials: CredentialResolver;
  readonly now: Clock;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** Headers that belong to the connection or to credentials; an event may not set them. */
const FORBIDDEN =
  /^(?:host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|authorization|cookie|idempotency-key|proxy-.*|sec-.*)$/i;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]{1,100}$/;
// oxlint-disable-next-line no-control-regex
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]{0,2000}$/;

/** Headers of an event that may be sent. */
const sendable = (headers: Rerun['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => HEADER_NAME.test(name) && !FORBIDDEN.test(name) && HEADER_VALUE.test(value),
    ),
  );

const refused = (detail: string): RunResult => ({ state: 'refused', detail });

/**
 * Runs an operation again through an HTTP callback. The key of the attempt goes along as Idempotency-Key.
 * 2xx is success, 202 an operation that the target has taken but not ended; 408, 409, 425, 429 and 5xx are
 * failures that may pass, other answers refusals. Redirects are not followed.
 */
export function createHttpExecutor({ client, credentials, now }: HttpExecutorDeps): Executor {
  return timed(now, async (ask, signal) => {
    const { rerun } = ask;
    const url = URL.canParse(rerun.target) ? new URL(rerun.target) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol))
      return refused('the target is not an HTTP URL');
    if (url.username !== '' || url.password !== '')
      return refused('the target holds credentials; refer to them by name');
    const method = (rerun.method ?? 'POST').toUpperCase();
    if (!METHODS.has(method)) return refused(`the method ${method.slice(0, 20)} is not allowed`);
    const secret = await secretHeaders(rerun, url, credentials);
    if (typeof secret === 'string') return refused(secret);
    const headers = {
      'user-agent': 'faultline',
      ...(rerun.body === null ? {} : { 'content-type': 'application/json' }),
      ...lowerCased(sendable(rerun.headers)),
      ...secret,
      'idempotency-key': ask.key,
    };
    try {
      const call = { url, method, headers, body: rerun.body, timeoutMs: ask.deadlineMs };
      return answered(await client(call, signal), ask, now());
    } catch (error) {
      if (error instanceof HttpCallError) return unanswered(error, ask);
      throw error;
    }
  });
}

const lowerCased = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Headers with the credentials that the event refers to; a text says why there are none. */
async function secretHeaders(
  { credentials: name }: Rerun,
  url: URL,
  resolver: CredentialResolver,
): Promise<Readonly<Record<string, string>> | string> {
  if (name === null) return {};
  const found = await resolver(name);
  if (found === undefined) return 'the credentials that the event refers to are not configured';
  if (!mayBeSentTo(found, url)) return `these credentials may not be sent to ${url.host}`;
  return lowerCased(found.headers);
}

/** No answer: whether the operation ran is known only where nothing was sent. */
function unanswered(error: HttpCallError, { idempotent }: AttemptAsk): RunResult {
  if (error.refused) return refused(error.message);
  if (!error.sent || idempotent) return { state: 'failed', detail: error.message };
  return { state: 'unknown', detail: `${error.message}, after the request was sent` };
}

/** A 429 that no waiting heals: the budget is used up (OpenAI and others answer so). */
const QUOTA = /insufficient[_ ]quota|quota[_ ]exceeded|billing/i;

function answered({ status, headers, body }: HttpAnswer, { idempotent }: AttemptAsk, now: number): RunResult {
  const detail = `HTTP ${status}`;
  const waitMs = retryAfterMs(headers['retry-after'], now);
  if (status === 202 || (status === 409 && idempotent)) {
    // 202 and 409 (the key is in use) say that the operation is under way: asking again is for idempotent ones.
    if (idempotent) return { state: 'pending', detail: `${detail}, under way`, status, retryAfterMs: waitMs };
    return { state: 'unknown', detail: `${detail}, taken, and how it ends is not told`, status };
  }
  if (status >= 200 && status < 300) return { state: 'succeeded', detail, status };
  if (status === 429 && QUOTA.test(body))
    return { state: 'refused', detail: `${detail}, the quota is used up`, status };
  if ([408, 409, 425, 429].includes(status) || status >= 500) {
    return { state: 'failed', detail, status, retryAfterMs: waitMs };
  }
  if (status >= 300 && status < 400)
    return { state: 'refused', detail: `${detail}, redirects are not followed`, status };
  return { state: 'refused', detail, status };
}

import { lookup as lookupName, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { OutboundGuard } from './outbound-guard.ts';

/** One call. */
export interface HttpCall {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
}

/** What came back; the body is cut to {@link BODY_BYTES}. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Makes calls. Rejects with an {@link HttpCallError} where no answer came. */
export type HttpClient = (call: HttpCall, signal: AbortSignal) => Promise<HttpAnswer>;

/** As much of an answer's body is read. */
export const BODY_BYTES = 8_192;

/**
 * No answer came. `sent` tells whether the target may have begun to work: false only where the connection
 * itself was never made.
 */
export class HttpCallError extends Error {
  readonly sent: boolean;
  readonly refused: boolean;

  constructor(
    message: string,
    options: { readonly sent: boolean; readonly refused?: boolean; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpCallError';
    this.sent = options.sent;
    this.refused = options.refused ?? false;
  }
}

const refusedAddress = (host: string): HttpCallError =>
  new HttpCallError(`${host} has an address that is not public; name it in FAULTLINE_OUTBOUND_ALLOW`, {
    sent: false,
    refused: true,
  });

/**
 * Resolves names as the system does, and fails where any address may not be connected to. The check sits at
 * the connection itself, so a name that changes its address between check and use gains nothing.
 */
function guardedLookup(guard: OutboundGuard): LookupFunction {
  return (host, options, callback) => {
    lookupName(host, { ...options, all: true }, (error, found) => {
      const addresses: LookupAddress[] = found;
      if (error !== null) callback(error, '', 0);
      else if (!addresses.every(({ address }) => guard.mayConnect(address)))
        callback(refusedAddress(host), '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 0);
    });
  };
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : error.name;

/** HTTP/1.1 on Node's own client: no redirect is followed, no proxy used, the guard asked for each address. */
export function guardedHttp(guard: OutboundGuard): HttpClient {
  return async ({ url, method, headers, body, timeoutMs }, signal) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port);
    const named = guard.isNamed(host, port);
    if (!named && isIP(host) !== 0 && !guard.mayConnect(host)) throw refusedAddress(host);
    return new Promise<HttpAnswer>((resolve, reject) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      let connected = false;
      const fail = (error: Error): void => {
        if (error instanceof HttpCallError) reject(error);
        else if (timeout.aborted)
          reject(new HttpCallError(`no answer within ${timeoutMs} ms`, { sent: connected, cause: error }));
        else
          reject(
            new HttpCallError(signal.aborted ? 'given up' : codeOf(error), { sent: connected, cause: error }),
          );
      };
      const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
        url,
        {
          method,
          headers: {
            ...headers,
            ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          },
          signal: AbortSignal.any([signal, timeout]),
          agent: false,
          ...(named ? {} : { lookup: guardedLookup(guard) }),
        },
        (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          const done = (): void =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).subarray(0, BODY_BYTES).toString('utf8'),
            });
          response.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            size += chunk.length;
            if (size < BODY_BYTES) return;
            done();
            response.destroy();
          });
          response.on('end', done);
          response.on('error', fail);
        },
      );
      request.on('socket', (socket) => {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
      });
      request.on('error', fail);
      request.end(body ?? undefined);
    });
  };
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { InputProblem } from '@faultline/schemas';
import { isSignedByGithub } from '../adapters/index.ts';
import type { GatewayOptions } from './gateway-options.ts';
import type { Route } from './routes.ts';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly problem: InputProblem;
}

/** Undefined where the request may come in; each route says by what it is known. */
export function isAuthorised(
  route: Route,
  request: FastifyRequest,
  body: Buffer,
  options: GatewayOptions,
): Refusal | undefined {
  return guards[route.guard](request, body, options);
}

type Guard = (request: FastifyRequest, body: Buffer, options: GatewayOptions) => Refusal | undefined;

const guards: Readonly<Record<Route['guard'], Guard>> = {
  token: (request, _body, { token }) => byToken(request, token),
  github: (request, body, { githubSecret }) => byGithub(request, body, githubSecret),
  sentry: (request, _body, { sentryKeys }) => bySentryKey(request, sentryKeys),
};

function byToken(request: FastifyRequest, token: string | null): Refusal | undefined {
  if (token === null || sameText(header(request, 'authorization'), `Bearer ${token}`)) return undefined;
  return refusal(401, 'authorization', 'does not hold the token', 'send "Authorization: Bearer TOKEN"');
}

function byGithub(request: FastifyRequest, body: Buffer, secret: string | null): Refusal | undefined {
  if (secret === null) {
    return refusal(
      403,
      'x-hub-signature-256',
      'cannot be checked',
      'set FAULTLINE_GITHUB_WEBHOOK_SECRET on the gateway to the secret of the webhook',
    );
  }
  return isSignedByGithub(body, header(request, 'x-hub-signature-256'), secret)
    ? undefined
    : refusal(
        401,
        'x-hub-signature-256',
        'does not sign this body',
        'give the webhook the secret that FAULTLINE_GITHUB_WEBHOOK_SECRET holds',
      );
}

function bySentryKey(request: FastifyRequest, keys: readonly string[]): Refusal | undefined {
  if (keys.length === 0) return undefined;
  const { sentry_key: inQuery } = request.query as { readonly sentry_key?: string };
  const inHeader = /sentry_key=([^,\s]+)/.exec(header(request, 'x-sentry-auth') ?? '')?.[1];
  const given = inQuery ?? inHeader;
  return keys.some((key) => sameText(given, key))
    ? undefined
    : refusal(401, 'sentry_key', 'is not known here', 'use a DSN whose key FAULTLINE_SENTRY_KEYS lists');
}

const refusal = (status: Refusal['status'], field: string, problem: string, remedy: string): Refusal => ({
  status,
  problem: { field, problem, remedy },
});

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Compares hashes, so that neither length nor content shows in the time that it takes. */
function sameText(given: string | undefined, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(hash(given), hash(expected));
}

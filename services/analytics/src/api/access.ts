import { timingSafeEqual } from 'node:crypto';
import { hashOf } from '@faultline/stream';
import { roles, type ApiToken, type Role } from '../config.ts';
import { ApiError } from './api-error.ts';

/** What of a request says who sends it. */
export interface Caller {
  readonly remoteAddress: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly method: string;
}

/** Who may do what. */
export interface Access {
  readonly role: Role;
  /** Name for the audit: the role, and which of its tokens. */
  readonly actor: string;
}

const loopback = /^(::1|127(\.\d{1,3}){3}|::ffff:127(\.\d{1,3}){3})$/;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;

/**
 * Who a caller is. With tokens: whose token it bears. Without any: whoever calls from this machine by a name of this
 * machine is admin, which keeps out pages of other sites whose name was pointed here. A request that changes something
 * must not come from a page of another site.
 */
export function accessOf(caller: Caller, tokens: readonly ApiToken[] | undefined): Access {
  if (
    caller.method !== 'GET' &&
    caller.method !== 'HEAD' &&
    caller.origin !== undefined &&
    !sameOrigin(caller)
  ) {
    throw new ApiError(
      'FORBIDDEN',
      'the request comes from a page of another site',
      'use the page of this service',
    );
  }
  if (tokens === undefined) {
    if (loopback.test(caller.remoteAddress ?? '') && loopbackHost.test(caller.host ?? '')) {
      return { role: 'admin', actor: 'local' };
    }
    throw new ApiError(
      'UNAUTHORIZED',
      'only callers on this machine are served without a token',
      'set FAULTLINE_API_TOKENS and send one as Authorization: Bearer TOKEN',
    );
  }
  const [, given] = /^Bearer (\S{1,500})$/.exec(caller.authorization ?? '') ?? [];
  const index = given === undefined ? -1 : tokens.findIndex(({ token }) => sameText(token, given));
  const found = tokens[index];
  if (found === undefined) {
    throw new ApiError(
      'UNAUTHORIZED',
      'no valid token',
      'send a token of FAULTLINE_API_TOKENS as Authorization: Bearer TOKEN',
    );
  }
  return { role: found.role, actor: `${found.role} ${index + 1}` };
}

/** Throws where a role is below the one that is needed. */
export function requireRole(access: Access, needed: Role): void {
  if (roles.indexOf(access.role) >= roles.indexOf(needed)) return;
  throw new ApiError(
    'FORBIDDEN',
    `${needed} is needed, and the token is that of a ${access.role}`,
    `use a token of an ${needed}`,
  );
}

function sameOrigin({ origin, host }: Caller): boolean {
  try {
    return new URL(origin ?? '').host === host;
  } catch {
    return false;
  }
}

/** Compares in a time that does not depend on where two texts differ. */
const sameText = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf('token', a)), Buffer.from(hashOf('token', b)));

import type { ErrorEvent } from '@faultline/schemas';
import type { NextDelayWish } from './moves.ts';

function milliseconds(value: string | number | boolean | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/**
 * What an event wishes for its first retry: `context.retryAfterMs` is honoured as a minimum,
 * `context.nextRetryDelayMs` overrides the policy (Temporal's next retry delay).
 */
export function wishOf({ context }: ErrorEvent): NextDelayWish {
  return {
    atLeastMs: milliseconds(context['retryAfterMs']),
    exactlyMs: milliseconds(context['nextRetryDelayMs']),
  };
}

import type { PlannedEffect } from './effect.ts';
import type { IncidentState } from './incident.ts';
import { silenceFor, type Silence } from './silence.ts';

/** What becomes of an effect that is due. */
export type EffectDecision =
  | { readonly kind: 'send' }
  | { readonly kind: 'skip'; readonly why: string }
  | { readonly kind: 'wait'; readonly until: number; readonly why: string };

const skip = (why: string): EffectDecision => ({ kind: 'skip', why });

/** What the incident must be for each kind of notice to be true. */
function untrue(kind: PlannedEffect['kind'], { status }: IncidentState): string | undefined {
  switch (kind) {
    case 'open':
    case 'update':
    case 'repeat':
    case 'reopen':
      return status === 'open' ? undefined : `the incident is ${status}`;
    case 'acknowledge':
      return status === 'acknowledged' ? undefined : `the incident is ${status}`;
    case 'resolve':
      return status === 'open' || status === 'acknowledged' ? `the incident is ${status} again` : undefined;
    case 'expire':
      return status === 'expired' ? undefined : `the incident is ${status}`;
  }
}

/**
 * Decides on an effect right before its call, on the state as it is now: what was acknowledged, resolved or
 * silenced meanwhile sends nothing. `told` says whether the channel has, or may have, the first notice.
 */
export function decideEffect(
  effect: Pick<PlannedEffect, 'kind' | 'channel'>,
  incident: IncidentState,
  silences: readonly Silence[],
  told: boolean,
  now: number,
): EffectDecision {
  const why = untrue(effect.kind, incident);
  if (why !== undefined) return skip(why);
  if ((effect.kind === 'resolve' || effect.kind === 'acknowledge') && !told) {
    return skip('the channel never heard of the incident');
  }
  const silence = silenceFor(silences, incident.facts, now);
  // The end of something that was told before a silence began is told in spite of it.
  if (silence !== undefined && effect.kind !== 'resolve') {
    return { kind: 'wait', until: silence.endsAt, why: `silenced by ${silence.id}` };
  }
  return { kind: 'send' };
}

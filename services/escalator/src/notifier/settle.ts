import type { PoolClient } from 'pg';
import type { Incident } from '@faultline/schemas';
import type { EnqueueOutbox, ServiceContext } from '@faultline/platform';
import { expire } from '../domain/act.ts';
import type { PlannedEffect } from '../domain/effect.ts';
import type { IncidentState } from '../domain/incident.ts';
import { planEffects, planTransitionEffects } from '../domain/plan-effects.ts';
import {
  saveEffects,
  saveIncidents,
  saveTransitions,
  scheduleIncidents,
  takeUnpublished,
} from './incident-store.postgres.ts';

/** Shard of the outbox that incident transitions go through. */
export const INCIDENT_SHARD = 'incidents';

/** What settling needs besides the transaction. */
export interface Settling {
  readonly context: Pick<ServiceContext, 'codecs'>;
  readonly enqueue: EnqueueOutbox;
}

/** Which notice a published transition is worth. */
function noticeOf({ from, to }: Incident): 'acknowledge' | 'resolve' | 'expire' | null {
  if (to === 'acknowledged') return 'acknowledge';
  if (to === 'resolved') return 'resolve';
  if (to === 'closed') return from === 'resolved' ? null : 'resolve';
  return to === 'expired' ? 'expire' : null;
}

/**
 * Brings locked incidents up to now, in the caller's transaction: notices and deadlines that are due, the
 * transitions to the outbox, effects and jobs. The outbox comes last, since its shard is locked until the
 * commit and nobody may wait for an incident while holding it.
 */
export async function settle(
  client: PoolClient,
  { context, enqueue }: Settling,
  incidents: readonly IncidentState[],
  transitions: readonly Incident[],
  now: number,
): Promise<void> {
  const effects: PlannedEffect[] = [];
  const made: Incident[] = [...transitions];
  const settled = incidents.map((incident) => {
    const flush = planEffects(incident, now);
    effects.push(...flush.effects);
    const change = expire(flush.incident, now);
    made.push(...(change?.transitions ?? []));
    return change?.incident ?? flush.incident;
  });
  await saveIncidents(client, settled);
  await saveTransitions(client, made);
  const byId = new Map(settled.map((incident) => [incident.id, incident]));
  const published = await takeUnpublished(client, [...byId.keys()]);
  for (const one of published) {
    const incident = byId.get(one.id);
    const notice = noticeOf(one);
    if (incident !== undefined && notice !== null) {
      effects.push(...planTransitionEffects(incident, notice, one.sequence, now));
    }
  }
  await saveEffects(client, effects, now);
  await scheduleIncidents(client, settled, now);
  for (const record of published) {
    await enqueue(client, context, {
      shard: INCIDENT_SHARD,
      topic: 'errors.incidents',
      key: record.id,
      record,
    });
  }
}

import { kindsOfChannel, plannedEffect, type EffectKind, type PlannedEffect } from './effect.ts';
import type { IncidentState } from './incident.ts';

/** What a notice decision comes to. */
export interface Flush {
  readonly incident: IncidentState;
  readonly effects: readonly PlannedEffect[];
}

/** Why to tell now, as Alertmanager's dedup stage decides: the first, opened again, new in group, repeat, none. */
function noticeKind(
  incident: IncidentState,
  now: number,
): Exclude<EffectKind, 'acknowledge' | 'resolve' | 'expire'> | null {
  if (incident.notifiedAt === null) return 'open';
  if (incident.reopened) return 'reopen';
  const { groupIntervalMs, repeatIntervalMs } = incident.timing;
  if (incident.records > incident.notifiedRecords && now >= incident.notifiedAt + groupIntervalMs)
    return 'update';
  return now >= incident.notifiedAt + repeatIntervalMs ? 'repeat' : null;
}

/**
 * Plans the notice that is due, if any. One notice of an incident goes to each of its channels; a channel that
 * joined later gets its first one. Where nothing is due, nothing changes.
 */
export function planEffects(incident: IncidentState, now: number): Flush {
  const { flushAt, status, timing } = incident;
  if (flushAt === null || now < flushAt) return { incident, effects: [] };
  if (status !== 'open') return { incident: { ...incident, flushAt: null }, effects: [] };
  const untold = incident.channels.filter((channel) => !incident.told.includes(channel));
  const kind = noticeKind(incident, now);
  const effects = incident.channels.flatMap((channel): PlannedEffect[] => {
    const own = incident.told.includes(channel) ? kind : 'open';
    return own === null || !kindsOfChannel[channel].includes(own)
      ? []
      : [plannedEffect(incident, channel, own, incident.notices, now)];
  });
  if (kind === null && untold.length === 0) {
    const again = (incident.notifiedAt ?? now) + timing.repeatIntervalMs;
    return { incident: { ...incident, flushAt: again }, effects: [] };
  }
  return {
    incident: {
      ...incident,
      told: [...incident.told, ...untold],
      notices: incident.notices + 1,
      notifiedAt: now,
      notifiedRecords: incident.records,
      reopened: kind === null ? incident.reopened : false,
      flushAt: now + timing.repeatIntervalMs,
    },
    effects,
  };
}

/** Notices of a transition that people or the clock made, to the channels that were told of the incident. */
export function planTransitionEffects(
  incident: IncidentState,
  kind: 'acknowledge' | 'resolve' | 'expire',
  sequence: number,
  now: number,
): readonly PlannedEffect[] {
  return incident.told
    .filter((channel) => kindsOfChannel[channel].includes(kind))
    .map((channel) => plannedEffect(incident, channel, kind, sequence, now));
}

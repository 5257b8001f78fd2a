import type { Change } from './attach.ts';
import { isOpen, type IncidentState } from './incident.ts';
import type { ChannelName } from './policy.ts';
import { transition } from './transition.ts';

/** What people and programs can do to an incident. */
export const incidentActions = ['acknowledge', 'resolve', 'close'] as const;
/** What people and programs can do to an incident. */
export type IncidentAction = (typeof incidentActions)[number];

const behind = { acknowledge: 'acknowledged', resolve: 'resolved', close: 'closed' } as const;

/** Whether an action is possible: only what is open can be acknowledged or resolved; what ended can be closed. */
export function allows(incident: IncidentState, action: IncidentAction): boolean {
  if (action === 'acknowledge') return incident.status === 'open';
  if (action === 'resolve') return isOpen(incident);
  return incident.status !== 'closed';
}

/** Does what a person or a program asks; undefined where it is not possible, or done already. */
export function act(
  incident: IncidentState,
  action: IncidentAction,
  actor: string,
  now: number,
): Change | undefined {
  if (!allows(incident, action)) return undefined;
  const to = behind[action];
  const step = { from: incident.status, to, reason: to, actor, at: now } as const;
  const silent: IncidentState = {
    ...incident,
    flushAt: null,
    endedAt: action === 'acknowledge' ? null : (incident.endedAt ?? now),
  };
  return transition(silent, step);
}

/** Whoever was not told before is told of an expired incident, and a pager in any case. */
const LAST_RESORT: ChannelName = 'pagerduty';

/** Ends what is past its deadline; undefined where it is not. */
export function expire(incident: IncidentState, now: number): Change | undefined {
  if (!isOpen(incident) || now < incident.deadline) return undefined;
  const told = [...new Set([...incident.told, ...incident.channels, LAST_RESORT])];
  const silent: IncidentState = { ...incident, told, flushAt: null, endedAt: now };
  return transition(silent, {
    from: incident.status,
    to: 'expired',
    reason: 'deadline',
    actor: null,
    at: now,
  });
}

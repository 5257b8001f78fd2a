import type { IncidentState } from './incident.ts';
import type { ChannelName } from './policy.ts';
import { stableUuid } from './stable-uuid.ts';

/** What a notice says. */
export const effectKinds = [
  'open',
  'update',
  'repeat',
  'reopen',
  'acknowledge',
  'resolve',
  'expire',
] as const;
/** What a notice says. */
export type EffectKind = (typeof effectKinds)[number];

/**
 * How far a repeated call is from a second effect. A: the system takes our id, one object for each id. B: it
 * does not, so a crash between call and commit repeats the call. C: it can be asked before calling.
 */
export const classOfChannel = {
  linear: 'A',
  slack: 'B',
  email: 'B',
  webhook: 'A',
  pagerduty: 'A',
  codegen: 'C',
  mailbox: 'A',
} as const satisfies Record<ChannelName, 'A' | 'B' | 'C'>;

/** Which notices a channel gets: a ticket needs no reminders, a pager no counts. */
export const kindsOfChannel: Readonly<Record<ChannelName, readonly EffectKind[]>> = {
  linear: ['open', 'reopen', 'resolve', 'expire'],
  slack: ['open', 'update', 'repeat', 'reopen', 'resolve', 'expire'],
  email: ['open', 'repeat', 'reopen', 'resolve', 'expire'],
  webhook: ['open', 'update', 'repeat', 'reopen', 'acknowledge', 'resolve', 'expire'],
  pagerduty: ['open', 'reopen', 'acknowledge', 'resolve', 'expire'],
  codegen: ['open'],
  mailbox: ['open', 'repeat', 'reopen', 'resolve', 'expire'],
};

/** One effect to be driven: its id is the same however often it is planned. */
export interface PlannedEffect {
  readonly id: string;
  readonly incidentId: string;
  readonly channel: ChannelName;
  readonly kind: EffectKind;
  readonly class: 'A' | 'B' | 'C';
  /** Of the notices of the incident where it is one, of its transitions otherwise. */
  readonly sequence: number;
  readonly notBefore: number;
}

/** An effect of an incident. */
export function plannedEffect(
  incident: Pick<IncidentState, 'id'>,
  channel: ChannelName,
  kind: EffectKind,
  sequence: number,
  notBefore: number,
): PlannedEffect {
  return {
    id: stableUuid('effect', incident.id, channel, kind, sequence),
    incidentId: incident.id,
    channel,
    kind,
    class: classOfChannel[channel],
    sequence,
    notBefore,
  };
}

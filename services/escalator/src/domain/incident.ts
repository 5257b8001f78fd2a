import type { Coordinate, EscalationLevel, Incident, IncidentTo, Severity } from '@faultline/schemas';
import type { AgentPacket } from './agent-packet.ts';
import type { Facts } from './facts.ts';
import type { ChannelName } from './policy.ts';

/** Why an incident changed its state: closed, a metric label. */
export const incidentReasons = [
  'first-record',
  'recurrence',
  'acknowledged',
  'resolved',
  'closed',
  'deadline',
] as const;
/** Why an incident changed its state. */
export type IncidentReason = (typeof incidentReasons)[number];

/** Where an incident stands. */
export type IncidentStatus = IncidentTo;

/** Timing in milliseconds, as the policy had it when the incident was opened: it keeps these (a snapshot). */
export interface IncidentTiming {
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly reopenWithinMs: number;
}

/** One incident: everything of a group that was open at the same time. */
export interface IncidentState {
  /** Derived from group and episode. */
  readonly id: string;
  readonly groupKey: string;
  /** Which incident of the group, from 1. */
  readonly episode: number;
  /** The episode before, where there was one. */
  readonly previous: string | null;
  readonly status: IncidentStatus;
  readonly level: EscalationLevel;
  readonly severity: Severity;
  readonly priority: number;
  readonly title: string;
  readonly summary: string;
  readonly repository: string | null;
  /** Facts of the first record, for silences. */
  readonly facts: Facts;
  readonly firstCoordinate: Coordinate;
  readonly firstEventId: string;
  readonly records: number;
  readonly openedAt: number;
  readonly lastRecordAt: number;
  readonly deadline: number;
  readonly endedAt: number | null;
  /** Policy `name@version` and route in force when it was opened. */
  readonly policy: string;
  readonly route: string;
  readonly timing: IncidentTiming;
  readonly channels: readonly ChannelName[];
  /** Channels that a notice was planned for. */
  readonly told: readonly ChannelName[];
  /** When the next notice is to be considered; null where none is. */
  readonly flushAt: number | null;
  readonly notifiedAt: number | null;
  readonly notifiedRecords: number;
  /** Notices so far: the sequence of the next one's effects. */
  readonly notices: number;
  /** Whether it was opened again since the last notice. */
  readonly reopened: boolean;
  /** Sequence of the next transition. */
  readonly sequence: number;
  /** What an agent is handed. */
  readonly packet: AgentPacket | null;
  /** Tickets and pages by channel. */
  readonly links: Readonly<Record<string, string>>;
}

/** Whether it waits for an end. */
export const isOpen = ({ status }: Pick<IncidentState, 'status'>): boolean =>
  status === 'open' || status === 'acknowledged';

/** A transition as it is published. */
export type IncidentTransition = Incident;

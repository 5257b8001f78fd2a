import type { ErrorRecord, Escalation, EscalationLevel, Severity } from '@faultline/schemas';
import { packetOf } from './agent-packet.ts';
import { factsOf } from './facts.ts';
import { isOpen, type IncidentState, type IncidentTiming, type IncidentTransition } from './incident.ts';
import { rankOf } from './matches.ts';
import { channelNames, type ChannelName } from './policy.ts';
import { stableUuid } from './stable-uuid.ts';
import { transition } from './transition.ts';

/** A record behind the escalator. */
export type EscalatedRecord = ErrorRecord & { readonly escalation: Escalation };

/** An incident behind a change, and what is told of it. */
export interface Change {
  readonly incident: IncidentState;
  readonly transitions: readonly IncidentTransition[];
}

const levelRank: Readonly<Record<EscalationLevel, number>> = {
  'automated-retry': 0,
  'automated-fix': 1,
  codegen: 2,
  human: 3,
  shutdown: 4,
};
const NO_PRIORITY = 5; // behind 4, low

const isChannel = (name: string): name is ChannelName => (channelNames as readonly string[]).includes(name);
const urgent = (a: number, b: number): number => Math.min(a || NO_PRIORITY, b || NO_PRIORITY) % NO_PRIORITY;
const worse = (a: Severity, b: Severity): Severity => (rankOf(b) > rankOf(a) ? b : a);

function open(
  record: EscalatedRecord,
  previous: IncidentState | undefined,
  timing: IncidentTiming,
  now: number,
): Change {
  const { escalation, event, coordinate } = record;
  const episode = (previous?.episode ?? 0) + 1;
  const fresh: IncidentState = {
    id: stableUuid('incident', escalation.groupKey, episode),
    groupKey: escalation.groupKey,
    episode,
    previous: previous?.id ?? null,
    status: 'open',
    level: escalation.level,
    severity: record.classification?.severity ?? 'UNKNOWN',
    priority: escalation.priority,
    title: escalation.title,
    summary: escalation.summary,
    repository: event.repository,
    facts: factsOf(record),
    firstCoordinate: coordinate,
    firstEventId: event.id,
    records: 1,
    openedAt: now,
    lastRecordAt: now,
    deadline: escalation.deadline,
    endedAt: null,
    policy: escalation.policy,
    route: escalation.route,
    timing,
    channels: escalation.channels.filter(isChannel),
    told: [],
    flushAt: now + timing.groupWaitMs,
    notifiedAt: null,
    notifiedRecords: 0,
    notices: 0,
    reopened: false,
    sequence: 0,
    packet: packetOf(record, escalation.title),
    links: {},
  };
  return transition(fresh, { from: null, to: 'open', reason: 'first-record', actor: null, at: now });
}

function add(incident: IncidentState, record: EscalatedRecord, now: number): IncidentState {
  const { escalation, classification } = record;
  const channels = [...new Set([...incident.channels, ...escalation.channels.filter(isChannel)])];
  const { notifiedAt, timing, told, status } = incident;
  const untold = channels.some((channel) => !told.includes(channel));
  // A channel that was never told is told at once; more of the same waits for the interval.
  const due = notifiedAt === null || untold ? now : Math.max(now, notifiedAt + timing.groupIntervalMs);
  const silent = status === 'acknowledged' || notifiedAt === null;
  return {
    ...incident,
    records: incident.records + 1,
    lastRecordAt: Math.max(incident.lastRecordAt, now),
    level: levelRank[escalation.level] > levelRank[incident.level] ? escalation.level : incident.level,
    severity: worse(incident.severity, classification?.severity ?? 'UNKNOWN'),
    priority: urgent(incident.priority, escalation.priority),
    deadline: Math.min(incident.deadline, escalation.deadline),
    channels,
    flushAt: silent ? incident.flushAt : Math.min(incident.flushAt ?? due, due),
  };
}

function reopen(incident: IncidentState, record: EscalatedRecord, now: number): Change {
  const change = transition(incident, {
    from: incident.status,
    to: 'open',
    reason: 'recurrence',
    actor: null,
    at: now,
  });
  const again: IncidentState = {
    ...change.incident,
    endedAt: null,
    deadline: record.escalation.deadline,
    flushAt: now + incident.timing.groupWaitMs,
    reopened: true,
  };
  return { incident: add(again, record, now), transitions: change.transitions };
}

/**
 * Attaches records of one group, in order, to its incident: the latest one where it is open, the same again
 * where it ended within its reopening window, else a new one that links to it. One ticket stands for the
 * incident, however many records it has.
 */
export function attach(
  latest: IncidentState | undefined,
  records: readonly EscalatedRecord[],
  timingOf: (record: EscalatedRecord) => IncidentTiming,
  now: number,
): readonly Change[] {
  let current = latest;
  const changes: Change[] = [];
  for (const record of records) {
    if (current !== undefined && isOpen(current)) {
      current = add(current, record, now);
      const last = changes[changes.length - 1];
      if (last === undefined) changes.push({ incident: current, transitions: [] });
      else changes[changes.length - 1] = { incident: current, transitions: last.transitions };
      continue;
    }
    const recent =
      current !== undefined &&
      current.endedAt !== null &&
      now - current.endedAt <= current.timing.reopenWithinMs;
    const change: Change =
      current !== undefined && recent
        ? reopen(current, record, now)
        : open(record, current, timingOf(record), now);
    current = change.incident;
    changes.push(change);
  }
  return changes;
}

import type { PoolClient } from 'pg';
import type { ErrorRecord, Incident } from '@faultline/schemas';
import {
  enqueueOutbox,
  inboxComponent,
  type Component,
  type EnqueueOutbox,
  type InboxSpec,
  type ServiceContext,
} from '@faultline/platform';
import { attach, type EscalatedRecord } from '../domain/attach.ts';
import { defaultPolicy } from '../domain/default-policy.ts';
import { escalate } from '../domain/escalate.ts';
import type { IncidentState, IncidentTiming } from '../domain/incident.ts';
import type { EscalationPolicy } from '../domain/policy.ts';
import { settingsOfRoute } from '../domain/route.ts';
import { lockGroups, saveAttachments, type Attachment } from './incident-store.postgres.ts';
import { policySource, type PolicySource } from './policy-source.ts';
import { settle } from './settle.ts';

/** What the notifier can be given in place of the real thing. */
export interface NotifierDeps {
  readonly now?: () => number;
  readonly enqueue?: EnqueueOutbox;
  readonly policies?: PolicySource;
}

/** A record of errors.escalated that somebody else wrote may lack its escalation: it is decided here. */
function escalated(record: ErrorRecord, now: number): EscalatedRecord {
  const escalation = record.escalation ?? escalate(record, { version: 'baseline', body: defaultPolicy }, now);
  return { ...record, escalation };
}

const timingIn =
  (policies: ReadonlyMap<EscalatedRecord, EscalationPolicy>) =>
  (record: EscalatedRecord): IncidentTiming => {
    const settings = settingsOfRoute(policies.get(record) ?? defaultPolicy, record.escalation.route);
    const { groupWaitMs, groupIntervalMs, repeatIntervalMs, reopenWithinMs } = settings;
    return { groupWaitMs, groupIntervalMs, repeatIntervalMs, reopenWithinMs };
  };

function byGroup(records: readonly EscalatedRecord[]): ReadonlyMap<string, readonly EscalatedRecord[]> {
  const groups = new Map<string, EscalatedRecord[]>();
  for (const record of records) {
    const group = groups.get(record.escalation.groupKey);
    if (group === undefined) groups.set(record.escalation.groupKey, [record]);
    else group.push(record);
  }
  return groups;
}

/**
 * The notifier: each record of errors.escalated is attached to the open incident of its group, in the
 * transaction of the inbox, with the incident's transitions, effects and jobs.
 */
export function notifierSpec(deps: NotifierDeps = {}): InboxSpec<'errors.escalated'> {
  const { now = Date.now, enqueue = enqueueOutbox, policies = policySource() } = deps;
  const handle = async (
    client: PoolClient,
    records: readonly { readonly value: ErrorRecord }[],
    context: ServiceContext,
  ): Promise<void> => {
    const at = now();
    const values = records.map(({ value }) => escalated(value, at));
    const known = new Map<EscalatedRecord, EscalationPolicy>();
    for (const value of values) known.set(value, await policies(context.pool, value));
    const groups = byGroup(values);
    const latest = await lockGroups(client, [...groups.keys()]);
    const incidents: IncidentState[] = [];
    const transitions: Incident[] = [];
    const attachments: Attachment[] = [];
    for (const [groupKey, members] of groups) {
      const changes = attach(latest.get(groupKey), members, timingIn(known), at);
      for (const change of changes) transitions.push(...change.transitions);
      const incident = changes[changes.length - 1]?.incident;
      if (incident === undefined) continue;
      incidents.push(incident);
      attachments.push(
        ...members.map(({ coordinate, event }) => ({
          incidentId: incident.id,
          ...coordinate,
          eventId: event.id,
        })),
      );
    }
    await settle(client, { context, enqueue }, incidents, transitions, at);
    await saveAttachments(client, attachments, at);
  };
  return { group: 'escalator-notifier', topic: 'errors.escalated', handle };
}

/** The notifier as a component. Start it behind the effects component, which brings the job library's tables. */
export const notifierInbox = (deps: NotifierDeps = {}): Component => inboxComponent(notifierSpec(deps));

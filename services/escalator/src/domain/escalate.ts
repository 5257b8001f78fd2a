import type { ErrorRecord, Escalation } from '@faultline/schemas';
import { factsOf } from './facts.ts';
import { groupKeyOf } from './group-key.ts';
import { rungOf } from './ladder.ts';
import type { ChannelName, EscalationPolicy } from './policy.ts';
import { priorityOf } from './priority.ts';
import { routeOf } from './route.ts';
import { roundSummaryOf, summaryOf, titleOf } from './summary.ts';

/** A policy with the version that it is known by. */
export interface VersionedPolicy {
  readonly version: string;
  readonly body: EscalationPolicy;
}

/** An escalation whose channels are ours. */
export interface Decision extends Escalation {
  readonly channels: readonly ChannelName[];
}

/** Levels that send a record back into the line. */
export type AutomatedLevel = 'automated-retry' | 'automated-fix';

/** Whether a level sends a record back into the line. */
export const isAutomated = (level: Escalation['level']): level is AutomatedLevel =>
  level === 'automated-retry' || level === 'automated-fix';

/**
 * What becomes of a record that nothing has ended. The incident is left open: whoever attaches the record to
 * one decides on it, since only there is it known which of the group's incidents is open.
 */
export function escalate(record: ErrorRecord, policy: VersionedPolicy, now: number): Decision {
  const facts = factsOf(record);
  const { route, settings, channels } = routeOf(policy.body, facts);
  const { level, why } = rungOf(record, policy.body, settings, now);
  const severity = record.classification?.severity ?? 'UNKNOWN';
  const automated = isAutomated(level);
  return {
    level,
    policy: `${policy.body.name}@${policy.version}`,
    route,
    groupKey: groupKeyOf(facts, settings.groupBy),
    incidentId: null,
    priority: priorityOf(level, severity),
    title: titleOf(record),
    summary: automated ? roundSummaryOf(record) : summaryOf(record, why),
    channels: automated ? [] : channels,
    deadline: automated ? record.deadline : now + (settings.deadlineMs ?? policy.body.deadlinesMs[severity]),
    reason: why,
  };
}

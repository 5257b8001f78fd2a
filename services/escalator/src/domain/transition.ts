import { hashOf } from '@faultline/stream';
import type { IncidentReason, IncidentState, IncidentStatus, IncidentTransition } from './incident.ts';

/** A step of an incident from one state to another. */
export interface Step {
  readonly from: IncidentStatus | null;
  readonly to: IncidentStatus;
  readonly reason: IncidentReason;
  readonly actor: string | null;
  readonly at: number;
}

/** Takes a step: the incident behind it, and the transition as it is published. */
export function transition(
  incident: IncidentState,
  step: Step,
): { readonly incident: IncidentState; readonly transitions: readonly [IncidentTransition] } {
  const { sequence } = incident;
  const next = { ...incident, status: step.to, sequence: sequence + 1 };
  return {
    incident: next,
    transitions: [
      {
        id: next.id,
        transitionId: hashOf('incident-transition', next.id, sequence).slice(0, 32),
        sequence,
        ...step,
        level: next.level === 'automated-retry' || next.level === 'automated-fix' ? 'human' : next.level,
        groupKey: next.groupKey,
        title: next.title,
        severity: next.severity,
        records: next.records,
        firstCoordinate: next.firstCoordinate,
        repository: next.repository,
        deadline: next.deadline,
        links: next.links,
      },
    ],
  };
}

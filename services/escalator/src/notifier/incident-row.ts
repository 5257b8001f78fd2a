import type { Coordinate, EscalationLevel, Severity } from '@faultline/schemas';
import type { IncidentState, IncidentStatus } from '../domain/incident.ts';

const columns = [
  'id',
  'groupKey',
  'episode',
  'status',
  'level',
  'severity',
  'priority',
  'title',
  'repository',
  'records',
  'openedAt',
  'lastRecordAt',
  'deadline',
  'endedAt',
  'flushAt',
  'sequence',
  'links',
] as const satisfies readonly (keyof IncidentState)[];

/** What of an incident stands in the column `detail`. */
export type IncidentDetail = Omit<IncidentState, (typeof columns)[number]>;

/** A row of `incidents`, as pg gives it: bigint as text. */
export interface IncidentRow {
  readonly id: string;
  readonly group_key: string;
  readonly episode: number;
  readonly status: IncidentStatus;
  readonly level: EscalationLevel;
  readonly severity: Severity;
  readonly priority: number;
  readonly title: string;
  readonly repository: string | null;
  readonly records: string;
  readonly opened_at: string;
  readonly last_record_at: string;
  readonly deadline: string;
  readonly ended_at: string | null;
  readonly flush_at: string | null;
  readonly sequence: number;
  readonly links: Readonly<Record<string, string>>;
  readonly detail: IncidentDetail & { readonly firstCoordinate: Coordinate };
}

const whole = (text: string | null): number | null => (text === null ? null : Number(text));

/** The incident of a row. */
export const incidentOf = (row: IncidentRow): IncidentState => ({
  ...row.detail,
  id: row.id,
  groupKey: row.group_key,
  episode: row.episode,
  status: row.status,
  level: row.level,
  severity: row.severity,
  priority: row.priority,
  title: row.title,
  repository: row.repository,
  records: Number(row.records),
  openedAt: Number(row.opened_at),
  lastRecordAt: Number(row.last_record_at),
  deadline: Number(row.deadline),
  endedAt: whole(row.ended_at),
  flushAt: whole(row.flush_at),
  sequence: row.sequence,
  links: row.links,
});

/** The row of an incident, for `jsonb_to_recordset`. */
export function rowOf(incident: IncidentState): Readonly<Record<string, unknown>> {
  const detail = Object.fromEntries(
    Object.entries(incident).filter(([key]) => !(columns as readonly string[]).includes(key)),
  );
  return {
    id: incident.id,
    group_key: incident.groupKey,
    episode: incident.episode,
    status: incident.status,
    level: incident.level,
    severity: incident.severity,
    priority: incident.priority,
    title: incident.title,
    repository: incident.repository,
    records: incident.records,
    opened_at: incident.openedAt,
    last_record_at: incident.lastRecordAt,
    deadline: incident.deadline,
    ended_at: incident.endedAt,
    flush_at: incident.flushAt,
    sequence: incident.sequence,
    links: incident.links,
    detail,
  };
}

import type { RecordRow } from '../domain/line/record-row.ts';
import type { Cell, Columns } from './unnest.ts';

/** Columns of `records`, in the order of {@link recordCells}. */
export const recordColumns: Columns = [
  ['received_at', 'bigint'],
  ['source', 'smallint'],
  ['raw_partition', 'int'],
  ['raw_offset', 'bigint'],
  ['deadline', 'bigint'],
  ['occurred_at', 'bigint'],
  ['updated_at', 'bigint'],
  ['ended_at', 'bigint'],
  ['first_action_at', 'bigint'],
  ['next_at', 'bigint'],
  ['attempt_ms', 'bigint'],
  ['hops', 'int'],
  ['attempts', 'smallint'],
  ['round', 'smallint'],
  ['fix_proposed', 'boolean'],
  ['fix_applied', 'boolean'],
  ['state', 'text'],
  ['stage', 'text'],
  ['reason', 'text'],
  ['event_id', 'text'],
  ['category', 'text'],
  ['error_type', 'text'],
  ['severity', 'text'],
  ['environment', 'text'],
  ['repository', 'text'],
  ['fingerprint', 'text'],
  ['title', 'text'],
  ['tool', 'text'],
  ['operation', 'text'],
  ['level', 'text'],
  ['incident_id', 'text'],
  ['seen', 'bytea'],
];

/** A row of `records`. */
export const recordCells = (row: RecordRow, source: number): readonly Cell[] => [
  row.receivedAt,
  source,
  row.coordinate.partition,
  row.coordinate.offset,
  row.deadline,
  row.occurredAt,
  row.updatedAt,
  row.endedAt,
  row.firstActionAt,
  row.nextAt,
  row.attemptMs,
  row.hops,
  row.attempts,
  row.round,
  row.fixProposed,
  row.fixApplied,
  row.state,
  row.stage,
  row.reason,
  row.eventId,
  row.category,
  row.errorType,
  row.severity,
  row.environment,
  row.repository,
  row.fingerprint,
  row.title,
  row.tool,
  row.operation,
  row.level,
  row.incidentId,
  `\\x${row.seen}`,
];

/** What a query of {@link recordSelection} gives: numbers as numbers. */
export interface StoredRecord {
  readonly topic_id: string;
  readonly raw_partition: number;
  readonly raw_offset: number;
  readonly received_at: number;
  readonly deadline: number;
  readonly occurred_at: number;
  readonly updated_at: number;
  readonly ended_at: number | null;
  readonly first_action_at: number | null;
  readonly next_at: number | null;
  readonly attempt_ms: number;
  readonly hops: number;
  readonly attempts: number;
  readonly round: number;
  readonly fix_proposed: boolean;
  readonly fix_applied: boolean;
  readonly state: RecordRow['state'];
  readonly stage: string;
  readonly reason: string | null;
  readonly event_id: string | null;
  readonly category: string | null;
  readonly error_type: string | null;
  readonly severity: string | null;
  readonly environment: string | null;
  readonly repository: string | null;
  readonly fingerprint: string | null;
  readonly title: string | null;
  readonly tool: string | null;
  readonly operation: string | null;
  readonly level: string | null;
  readonly incident_id: string | null;
  readonly seen: string;
}

/** Columns of {@link StoredRecord} from `records r join sources s`; bigint as float8, exact below 2^53. */
export const recordSelection = recordColumns
  .filter(([name]) => name !== 'source')
  .map(([name, type]) => {
    if (type === 'bigint') return `r.${name}::float8`;
    return type === 'bytea' ? `encode(r.${name}, 'hex') as ${name}` : `r.${name}`;
  })
  .concat('s.topic_id')
  .join(', ');

/** The row of the domain. */
export const recordOf = (stored: StoredRecord): RecordRow => ({
  coordinate: { topicId: stored.topic_id, partition: stored.raw_partition, offset: stored.raw_offset },
  eventId: stored.event_id,
  receivedAt: stored.received_at,
  occurredAt: stored.occurred_at,
  deadline: stored.deadline,
  updatedAt: stored.updated_at,
  endedAt: stored.ended_at,
  firstActionAt: stored.first_action_at,
  nextAt: stored.next_at,
  state: stored.state,
  stage: stored.stage,
  reason: stored.reason,
  hops: stored.hops,
  round: stored.round,
  attempts: stored.attempts,
  attemptMs: stored.attempt_ms,
  fixProposed: stored.fix_proposed,
  fixApplied: stored.fix_applied,
  category: stored.category,
  errorType: stored.error_type,
  severity: stored.severity,
  environment: stored.environment,
  repository: stored.repository,
  fingerprint: stored.fingerprint,
  title: stored.title,
  tool: stored.tool,
  operation: stored.operation,
  level: stored.level,
  incidentId: stored.incident_id,
  seen: stored.seen,
});

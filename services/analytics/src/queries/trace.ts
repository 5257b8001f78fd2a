import type {
  Classification,
  ErrorEvent,
  Escalation,
  FixState,
  Outcome,
  OutcomeTo,
  RetryState,
} from '@faultline/schemas';
import type { Pool } from 'pg';
import { storedBodies, type StoredBody } from '../sink/body-schemas.ts';

/** One decision on a record. */
export interface Step {
  readonly at: number;
  readonly stage: string;
  /** The record that the decision was made on. */
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: number | null;
  /** Where the record went, and by which reason of the stage's list: `delayed: scheduled`. */
  readonly decision: string;
  readonly why: string | null;
  readonly versions: Readonly<Record<string, string>>;
  readonly from: string | null;
  readonly to: string | null;
  readonly answers: unknown;
  readonly retry: RetryState | null;
  readonly fix: FixState | null;
  readonly escalation: Escalation | null;
}

/** The story of an event: one record, from raw to its end. */
export interface Trace {
  readonly v: 1;
  readonly id: string;
  readonly coordinate: string;
  readonly state: OutcomeTo;
  readonly receivedAt: number;
  readonly occurredAt: number;
  readonly endedAt: number | null;
  readonly deadline: number;
  readonly event: ErrorEvent | null;
  readonly classification: Classification | null;
  readonly incidentId: string | null;
  readonly steps: readonly Step[];
  /** Coordinates of other records of the same event id, such as suppressed repeats and redrives. */
  readonly others: readonly string[];
}

interface Found {
  readonly coordinate: string;
  readonly source: number;
  readonly raw_partition: number;
  readonly raw_offset: string;
  readonly event_id: string | null;
  readonly state: OutcomeTo;
  readonly received_at: number;
  readonly occurred_at: number;
  readonly updated_at: number;
  readonly ended_at: number | null;
  readonly deadline: number;
  readonly incident_id: string | null;
}

const foundColumns = `s.topic_id || '/' || r.raw_partition || '/' || r.raw_offset as coordinate, r.source,
  r.raw_partition, r.raw_offset, r.event_id, r.state, r.received_at::float8, r.occurred_at::float8,
  r.updated_at::float8, r.ended_at::float8, r.deadline::float8, r.incident_id`;
/** Records of one id that are told of. */
const MOST_RECORDS = 50;

/** The story of an event by its id or its coordinate `topicId/partition/offset`; undefined where none is known. */
export async function readTrace(pool: Pool, id: string): Promise<Trace | undefined> {
  const records = await findRecords(pool, id);
  // the record that went on, rather than a suppressed repeat of it
  const record = records.find(({ state }) => state !== 'suppressed') ?? records[0];
  if (record === undefined) return undefined;
  const [{ rows }, read] = await Promise.all([
    pool.query<StoredBody>({
      name: 'trace steps',
      text: `select schema, body from outcomes
        where raw_offset = $1 and raw_partition = $2 and source = $3 and at between $4 and $5
        order by hops, at`,
      // a decision may be a moment before the broker's clock, which is another one
      values: [
        record.raw_offset,
        record.raw_partition,
        record.source,
        record.received_at - 60_000,
        record.updated_at,
      ],
    }),
    storedBodies(pool),
  ]);
  const outcomes = rows.map(read);
  return {
    v: 1,
    id: record.event_id ?? record.coordinate,
    coordinate: record.coordinate,
    state: record.state,
    receivedAt: record.received_at,
    occurredAt: record.occurred_at,
    endedAt: record.ended_at,
    deadline: record.deadline,
    event: outcomes.find(({ event }) => event !== null)?.event ?? null,
    classification: outcomes.find(({ classification }) => classification !== null)?.classification ?? null,
    incidentId: record.incident_id,
    steps: outcomes.map(stepOf),
    others: records.filter((other) => other !== record).map(({ coordinate }) => coordinate),
  };
}

async function findRecords(pool: Pool, id: string): Promise<readonly Found[]> {
  const [, topicId, partition, offset] = /^([A-Za-z0-9_-]+)\/(\d{1,9})\/(\d{1,15})$/.exec(id) ?? [];
  if (offset !== undefined) {
    const { rows } = await pool.query<Found>({
      name: 'trace by coordinate',
      text: `select ${foundColumns} from records r join sources s on s.source = r.source
        where s.topic_id = $1 and r.raw_partition = $2 and r.raw_offset = $3 limit 1`,
      values: [topicId, partition, offset],
    });
    if (rows.length > 0) return rows;
  }
  const { rows } = await pool.query<Found>({
    name: 'trace by event',
    text: `select ${foundColumns} from records r join sources s on s.source = r.source
      where r.event_id = $1 order by r.received_at limit $2`,
    values: [id.slice(0, 500), MOST_RECORDS],
  });
  return rows;
}

const stepOf = (outcome: Outcome): Step => ({
  at: outcome.at,
  stage: outcome.stage,
  topic: outcome.input?.topic ?? null,
  partition: outcome.input?.partition ?? null,
  offset: outcome.input?.offset ?? null,
  decision: `${outcome.to ?? '?'}: ${outcome.reason ?? '?'}`,
  why: outcome.why,
  versions: outcome.versions,
  from: outcome.from,
  to: outcome.to,
  answers: outcome.answers === null ? null : parsed(outcome.answers),
  retry: outcome.retry,
  fix: outcome.fix,
  escalation: outcome.escalation,
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

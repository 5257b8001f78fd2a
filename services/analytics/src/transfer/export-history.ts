import type { Observation, Outcome } from '@faultline/schemas';
import type { Pool, PoolClient } from 'pg';
import { trimmedOutcome } from '../domain/restore-outcome.ts';
import { TRANSFER_VERSION, type GroupState, type TransferLine } from './transfer-line.ts';

const ROWS = 1_000;

interface StoredOutcome {
  readonly at: number;
  readonly topic_id: string;
  readonly raw_partition: number;
  readonly raw_offset: number;
  readonly id: string;
  readonly stage: string;
  readonly from_state: Outcome['from'];
  readonly to_state: Outcome['to'];
  readonly reason: string | null;
  readonly round: number;
  readonly hops: number;
  readonly input_topic: string | null;
  readonly input_partition: number;
  readonly input_offset: number;
  readonly body: string;
  readonly event_id: string | null;
  readonly received_at: number;
  readonly deadline: number;
}

/**
 * The whole history as lines, in an order that depends on nothing but the history, as it stood at one moment.
 * Sums are not in it: an import makes them again.
 */
export async function* exportHistory(pool: Pool): AsyncGenerator<TransferLine> {
  const client = await pool.connect();
  let lines = 0;
  try {
    await client.query('begin isolation level repeatable read read only');
    yield { line: 'begin', v: TRANSFER_VERSION, kind: 'faultline-history' };
    for await (const range of rowsOf<{
      topicId: string;
      partition: number;
      from: number;
      to: number;
      count: number;
      at: number;
    }>(
      client,
      `select s.topic_id as "topicId", x.raw_partition as partition, x.from_offset::float8 as "from",
         x.to_offset::float8 as "to", x.records::float8 as count, x.at::float8
       from (select source, raw_partition, from_offset, to_offset, records, proven_at as at from proven
             union all select source, raw_partition, from_offset, to_offset, records, reported_at from ranges) x
       join sources s using (source) order by 1, 2, 3`,
    )) {
      lines += 1;
      yield { line: 'outcome', outcome: rangeLine(range) };
    }
    for await (const row of rowsOf<StoredOutcome>(
      client,
      `select o.at::float8, s.topic_id, o.raw_partition, o.raw_offset::float8, replace(o.id::text, '-', '') as id, o.stage,
         o.from_state, o.to_state, o.reason, o.round, o.hops, o.input_topic, o.input_partition,
         o.input_offset::float8, o.body, r.event_id, r.received_at::float8, r.deadline::float8
       from outcomes o join sources s on s.source = o.source
       cross join lateral (
         select event_id, received_at, deadline from records r
         where r.source = o.source and r.raw_partition = o.raw_partition and r.raw_offset = o.raw_offset limit 1
       ) r
       order by o.at, s.topic_id, o.raw_partition, o.raw_offset, o.hops, o.id`,
    )) {
      lines += 1;
      yield { line: 'outcome', outcome: outcomeLine(row) };
    }
    for await (const observation of rowsOf<Observation>(
      client,
      `select id, at::float8, source, kind, result, repository, commit, ref, pipeline, run, job, task, attempt, runner,
         duration_ms::float8 as "durationMs", log_sample as "logSample", operation, incident, event_id as "eventId",
         actor, numbers::json, labels::json
       from observations order by at, source, id`,
    )) {
      lines += 1;
      yield { line: 'observation', observation };
    }
    for await (const group of rowsOf<GroupState>(
      client,
      `select fingerprint, state, state_at::float8 as "stateAt", owner from groups
       where state_at is not null or owner is not null order by fingerprint`,
    )) {
      lines += 1;
      yield { line: 'group', group };
    }
    yield { line: 'end', lines };
  } finally {
    await client.query('rollback').catch(() => undefined);
    client.release();
  }
}

async function* rowsOf<Row extends object>(client: PoolClient, query: string): AsyncGenerator<Row> {
  await client.query(`declare exported no scroll cursor for ${query}`);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${ROWS} from exported`);
    yield* rows;
    if (rows.length < ROWS) break;
  }
  await client.query('close exported');
}

function rangeLine({
  topicId,
  partition,
  from,
  to,
  count,
  at,
}: {
  topicId: string;
  partition: number;
  from: number;
  to: number;
  count: number;
  at: number;
}): Partial<Outcome> {
  return {
    id: `range:${topicId}:${partition}:${from}`,
    subject: 'range',
    stage: 'classifier',
    at,
    range: { topicId, partition, from, to, count },
  };
}

/** An outcome without what stands at its default. */
function outcomeLine(row: StoredOutcome): Partial<Outcome> {
  const body = JSON.parse(row.body) as Partial<Outcome>;
  const outcome: Partial<Outcome> = {
    id: row.id,
    subject: 'record',
    stage: row.stage,
    at: row.at,
    coordinate: { topicId: row.topic_id, partition: row.raw_partition, offset: row.raw_offset },
    eventId: row.event_id,
    input:
      row.input_topic === null
        ? null
        : { topic: row.input_topic, partition: row.input_partition, offset: row.input_offset },
    from: row.from_state,
    to: row.to_state,
    reason: row.reason,
    round: row.round,
    hops: row.hops,
    receivedAt: row.received_at,
    deadline: row.deadline,
    ...body,
  };
  return trimmedOutcome(outcome);
}

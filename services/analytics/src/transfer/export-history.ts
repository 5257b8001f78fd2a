import type { Observation, Outcome } from '@faultline/schemas';
import type { Pool, PoolClient } from 'pg';
import { trimmedOutcome } from '../domain/restore-outcome.ts';
import { storedBodies, type StoredBody } from '../sink/body-schemas.ts';
import { TRANSFER_VERSION, type GroupState, type TransferLine } from './transfer-line.ts';

const ROWS = 1_000;

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
    const read = await storedBodies(client);
    for await (const stored of rowsOf<StoredBody>(
      client,
      `select o.schema, o.body from outcomes o join sources s on s.source = o.source
       order by o.at, s.topic_id, o.raw_partition, o.raw_offset, o.hops, o.body`,
    )) {
      lines += 1;
      yield { line: 'outcome', outcome: trimmedOutcome(read(stored)) };
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

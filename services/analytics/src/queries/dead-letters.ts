import { coordinateText, type Coordinate, type ErrorEvent } from '@faultline/schemas';
import type { Pool } from 'pg';
import { readTrace } from './trace.ts';

/** Sends an event to errors.raw; resolves when the broker has it. */
export type SendEvent = (event: ErrorEvent) => Promise<void>;

/** What a redrive came to. */
export type Redrive =
  | { readonly kind: 'sent'; readonly id: string; readonly redriveOf: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-dead' }
  | { readonly kind: 'already' }
  /** Nothing could be read from its bytes; they lie on errors.dead-letter. */
  | { readonly kind: 'no-event' };

/** Sends the event of a dead letter to the line again, once, as a new record with `redriveOf`. */
export async function redriveDeadLetter(
  pool: Pool,
  id: string,
  actor: string,
  now: number,
  send: SendEvent,
): Promise<Redrive> {
  const trace = await readTrace(pool, id);
  if (trace === undefined) return { kind: 'not-found' };
  if (trace.state !== 'dead-lettered') return { kind: 'not-dead' };
  if (trace.event === null) return { kind: 'no-event' };
  const [topicId = '', partition, offset] = trace.coordinate.split('/');
  const redriveOf: Coordinate = { topicId, partition: Number(partition), offset: Number(offset) };
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query(
      `insert into redrives (source, raw_partition, raw_offset, at, actor)
       select source, $2, $3, $4, $5 from sources where topic_id = $1 on conflict do nothing`,
      [topicId, redriveOf.partition, redriveOf.offset, now, actor],
    );
    if (rowCount === 1) await send({ ...trace.event, redriveOf });
    await client.query('commit');
    if (rowCount !== 1) return { kind: 'already' };
    return { kind: 'sent', id: trace.event.id, redriveOf: coordinateText(redriveOf) };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

/** Records of inboxes that could not be decoded, which never became outcomes. */
export async function countRejects(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from inbox_rejects');
  return rows[0]?.n ?? 0;
}

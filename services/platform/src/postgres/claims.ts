import type { Pool } from 'pg';
import { hashOf, type Answer, type ClaimAsk } from '@faultline/stream';
import { onPostgres } from './unavailable.ts';

interface ClaimRow {
  readonly kind: string;
  readonly id: string;
  readonly topic_id: string;
  readonly part: number;
  readonly off: string;
  readonly payload_hash: string;
}

/** How long a claim lasts. */
const CLAIM_DAYS = 7;

/**
 * Claims ids for the coordinates that ask, the lowest offset first, and tells who holds each. Whoever held it
 * before keeps it, so that a claim survives an aborted transaction.
 */
export function claimStore(pool: Pool): (asks: readonly ClaimAsk[]) => Promise<readonly Answer[]> {
  return async (asks) => {
    // ids are the producers' and may hold anything; their hashes have one length and no NUL
    const ids = asks.map(({ id }) => hashOf(id));
    const columns = [
      asks.map(({ claim }) => claim),
      ids,
      asks.map(({ coordinate }) => coordinate.topicId),
      asks.map(({ coordinate }) => coordinate.partition),
      asks.map(({ coordinate }) => coordinate.offset),
      asks.map(({ payloadHash }) => payloadHash),
    ];
    const rows = await onPostgres(async () => {
      // one order of locks for everyone, so that two services cannot wait for each other
      await pool.query({
        name: 'claim',
        text: `INSERT INTO claims (kind, id, topic_id, part, off, payload_hash)
               SELECT kind, id, topic_id, part, off, payload_hash
               FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::text[])
                 AS asked (kind, id, topic_id, part, off, payload_hash)
               ORDER BY kind, id, off
               ON CONFLICT (kind, id) DO NOTHING`,
        values: columns,
      });
      const { rows: held } = await pool.query<ClaimRow>({
        name: 'claimed',
        text: `SELECT c.kind, c.id, c.topic_id, c.part, c.off, c.payload_hash
               FROM claims c JOIN (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS a (kind, id)) asked
                 USING (kind, id)`,
        values: columns.slice(0, 2),
      });
      return held;
    });
    const byId = new Map(rows.map((row) => [`${row.kind}\u0000${row.id}`, row]));
    return asks.map((ask, index): Answer => {
      const row = byId.get(`${ask.claim}\u0000${ids[index]}`);
      if (row === undefined) return { kind: 'claim', holder: ask.coordinate, payloadHash: ask.payloadHash };
      const holder = { topicId: row.topic_id, partition: row.part, offset: Number(row.off) };
      return { kind: 'claim', holder, payloadHash: row.payload_hash };
    });
  };
}

/** Drops claims that have lapsed; gives how many. */
export async function dropLapsedClaims(pool: Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM claims WHERE claimed_at < now() - make_interval(days => $1)`,
    [CLAIM_DAYS],
  );
  return rowCount ?? 0;
}

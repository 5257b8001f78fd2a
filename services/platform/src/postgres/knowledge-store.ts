import type { Pool } from 'pg';
import { Fault, snapshotOf, type Snapshot } from '@faultline/stream';
import { onPostgres } from './unavailable.ts';

/** Channel on which a new version is announced. */
export const KNOWLEDGE_CHANNEL = 'faultline_knowledge';

interface KnowledgeRow {
  readonly version: string;
  readonly sha256: string;
  readonly body: unknown;
}

/** Newest published version of a kind; undefined where none was published. */
export async function latestPublished(pool: Pool, kind: string): Promise<Snapshot<unknown> | undefined> {
  const { rows } = await onPostgres(async () =>
    pool.query<KnowledgeRow>(
      `SELECT version, sha256, body FROM knowledge WHERE kind = $1 AND origin = 'published' ORDER BY version DESC LIMIT 1`,
      [kind],
    ),
  );
  return rows[0];
}

/** One version by its hash, whatever its origin: what a past decision was made with. */
export async function knowledgeBySha(
  pool: Pool,
  kind: string,
  shaPrefix: string,
): Promise<Snapshot<unknown> | undefined> {
  const { rows } = await onPostgres(async () =>
    pool.query<KnowledgeRow & { readonly origin: string }>(
      `SELECT CASE origin WHEN 'baseline' THEN 'baseline' ELSE version::text END AS version, sha256, body
       FROM knowledge WHERE kind = $1 AND starts_with(sha256, $2) ORDER BY version DESC LIMIT 1`,
      [kind, shaPrefix],
    ),
  );
  return rows[0];
}

/**
 * Stores a body as the next version of its kind and announces it; the same body again changes nothing.
 * A baseline is kept for the history alone: what was published goes before it.
 */
export async function storeKnowledge(
  pool: Pool,
  kind: string,
  body: unknown,
  origin: 'baseline' | 'published',
): Promise<void> {
  const { sha256 } = snapshotOf('', body);
  await onPostgres(async () => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [`knowledge:${kind}`]);
      await client.query(
        `INSERT INTO knowledge (kind, version, origin, sha256, body)
         SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4 FROM knowledge WHERE kind = $1
         ON CONFLICT (kind, origin, sha256) DO NOTHING`,
        [kind, origin, sha256, JSON.stringify(body)],
      );
      await client.query('SELECT pg_notify($1, $2)', [KNOWLEDGE_CHANNEL, kind]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  });
}

/** Checks a stored body by the stage's own parser. */
export function parseKnowledge<Body>(
  kind: string,
  stored: Snapshot<unknown>,
  parse: (body: unknown) => Body,
): Snapshot<Body> {
  try {
    return { version: stored.version, sha256: stored.sha256, body: parse(stored.body) };
  } catch (cause) {
    throw new Fault(
      'KNOWLEDGE_INVALID',
      `version ${stored.version} of ${kind} is malformed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { remedy: `publish a mended version of ${kind}; until then the one before stays in force`, cause },
    );
  }
}

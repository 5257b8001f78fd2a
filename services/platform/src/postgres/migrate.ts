import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { Fault } from '@faultline/stream';

/** Key of the advisory lock under which one process migrates: the bytes of `fault` as a number. */
const MIGRATION_LOCK = 0x6661756c74;

/** Runs every migration that has not run, each in a transaction of its own; gives their names. */
export async function migrate(pool: Pool, directory: string): Promise<readonly string[]> {
  const files = readdirSync(directory)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort();
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, ran_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
    const done = new Set(rows.map(({ name }) => name));
    const ran: string[] = [];
    for (const name of files.filter((file) => !done.has(file))) {
      try {
        await client.query('BEGIN');
        await client.query(readFileSync(join(directory, name), 'utf8'));
        await client.query('INSERT INTO migrations (name) VALUES ($1)', [name]);
        await client.query('COMMIT');
        ran.push(name);
      } catch (cause) {
        await client.query('ROLLBACK');
        throw new Fault(
          'CONFIG_INVALID',
          `migration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
          {
            remedy: 'nothing of it was applied; mend the cause and run the provisioning again',
            cause,
          },
        );
      }
    }
    return ran;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    client.release();
  }
}

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const migrations = fileURLToPath(new URL('../../../../infra/postgres/migrations/', import.meta.url));

/** A database of its own, migrated, and how to drop it. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly drop: () => Promise<void>;
}

/**
 * Makes a fresh database on the server of FAULTLINE_TEST_DATABASE_URL. Refuses one without `test` in its name.
 * Statements go in as the migration runner sends them, a file in a transaction.
 */
export async function testDatabase(serverUrl: string, name: string): Promise<TestDatabase> {
  if (!new URL(serverUrl).pathname.includes('test'))
    throw new Error('the database must have `test` in its name');
  const own = `faultline_test_${name}_${process.pid}`;
  const admin = new pg.Client({ connectionString: serverUrl });
  await admin.connect();
  await admin.query(`drop database if exists ${own} with (force)`);
  await admin.query(`create database ${own}`);
  const url = new URL(serverUrl);
  url.pathname = `/${own}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 6 });
  pool.on('error', () => undefined); // connections that are still closing when the database is dropped
  for (const file of readdirSync(migrations)
    .filter((entry) => entry.endsWith('.sql'))
    .toSorted()) {
    await pool.query(`begin; ${readFileSync(`${migrations}${file}`, 'utf8')}; commit`);
  }
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await admin.query(`drop database ${own} with (force)`);
      await admin.end();
    },
  };
}

/** Runs `work` in a transaction on a connection of its own. */
export async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

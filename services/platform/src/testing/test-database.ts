import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { migrate } from '../postgres/migrate.ts';

const migrations = fileURLToPath(new URL('../../../../infra/postgres/migrations', import.meta.url));

/** A database of its own on the test server, migrated; dropped at the end. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: Pool;
  readonly drop: () => Promise<void>;
}

/** Creates one. Throws where FAULTLINE_TEST_DATABASE_URL is not set or names no database for tests. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['FAULTLINE_TEST_DATABASE_URL'];
  if (server === undefined) throw new Error('FAULTLINE_TEST_DATABASE_URL is not set: run npm test');
  if (!new URL(server).pathname.includes('test')) throw new Error('the database has no "test" in its name');
  const name = `faultline_test_${randomUUID().replaceAll('-', '')}`;
  const admin = new Pool({ connectionString: server, max: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 8 });
  pool.on('error', () => undefined); // dropping the database ends idle connections
  await migrate(pool, migrations);
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

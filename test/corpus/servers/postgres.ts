import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { ports } from '../ports.ts';
import { asUser, unprivilegedId } from '../unprivileged.ts';

const candidates = (): readonly string[] => {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  return [...versions.map((version) => `${debian}/${version}/bin`), '/usr/local/pgsql/bin', '/usr/local/bin'];
};

/** Folder of the machine's Postgres server binaries, if there is one. */
export function postgresBinaries(): string | undefined {
  return candidates().find((folder) => existsSync(`${folder}/initdb`) && existsSync(`${folder}/postgres`));
}

/** Starts a real server on a fresh data folder below `folder`; the value stops it. */
export async function startPostgres(folder: string): Promise<() => Promise<void>> {
  const binaries = postgresBinaries();
  if (binaries === undefined) throw new Error('no Postgres server on this machine');
  const data = `${folder}/data`;
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() === 0) chownSync(folder, unprivilegedId, unprivilegedId);
  const run = (name: string, args: readonly string[]): void => {
    const [file, all] = asUser(`${binaries}/${name}`, args);
    execFileSync(file, all, {
      stdio: 'pipe',
      cwd: folder,
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    });
  };
  run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--no-instructions']);
  appendFileSync(
    `${data}/postgresql.conf`,
    `port=${ports.postgres}\nlisten_addresses='127.0.0.1'\nunix_socket_directories=''\nfsync=off\nmax_connections=12\nsuperuser_reserved_connections=3\nmax_prepared_transactions=2\n`,
  );
  writeFileSync(
    `${data}/pg_hba.conf`,
    'host all locked 127.0.0.1/32 scram-sha-256\nhost all outsider 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 trust\n',
  );
  const [file, args] = asUser(`${binaries}/postgres`, ['-D', data]);
  const child = spawn(file, [...args], { stdio: 'ignore', cwd: folder });
  const psql = (sql: string): void => {
    execFileSync('psql', ['-h', '127.0.0.1', '-p', String(ports.postgres), '-U', 'postgres', '-qc', sql], {
      stdio: 'pipe',
    });
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      psql('select 1');
      break;
    } catch (error) {
      if (attempt > 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  return async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  };
}

import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const cluster = 'initdb -D data -U postgres -A trust --no-sync --no-instructions > initdb.log';

const start = (options: string): string =>
  `postgres -D data -p ${ports.own} -c unix_socket_directories= -c listen_addresses=127.0.0.1 ${options}`;

const up = (options: string): string =>
  `${cluster}\n${start(options)} > server.log 2>&1 &\nfor i in $(seq 40); do pg_isready -q -h 127.0.0.1 -p ${ports.own} && break; sleep 0.25; done`;

/** The Postgres server. */
export const postgres: ToolScenarios = {
  tool: 'postgres',
  version: 'postgres --version',
  needs: ['initdb', 'psql'],
  scenarios: [
    {
      id: 'postgres-port',
      title: 'The port is taken',
      fails: ['os.port', 'once'],
      unprivileged: true,
      run: `${cluster}\n${start('').replace(String(ports.own), String(ports.http))}`,
      cause: /could not bind IPv4 address "127\.0\.0\.1": Address already in use/,
    },
    {
      id: 'postgres-setting',
      title: 'A setting that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      unprivileged: true,
      run: `${cluster}\necho 'shared_bufers = 128MB' >> data/postgresql.conf\n${start('')}`,
      cause: /unrecognized configuration parameter "shared_bufers"/,
    },
    {
      id: 'postgres-data',
      title: 'A data folder that does not exist',
      fails: ['os.missing', 'never-fixable'],
      unprivileged: true,
      run: start(''),
      cause: /could not access directory|does not exist/,
    },
    {
      id: 'postgres-permissions',
      title: 'A data folder that others may read',
      fails: ['os.permission', 'never-fixable'],
      unprivileged: true,
      run: `${cluster}\nchmod 755 data\n${start('')}`,
      cause: /data directory ".*" has invalid permissions/,
    },
    {
      id: 'postgres-root',
      title: 'The server refuses to run as root',
      fails: ['os.permission', 'never-fixable'],
      asRoot: true,
      run: 'postgres -D data',
      cause: /"root" execution of the PostgreSQL server is not permitted/,
    },
    {
      id: 'postgres-too-many',
      title: 'All connection slots are taken',
      fails: ['db.capacity', 'backoff'],
      unprivileged: true,
      run: `${up('-c max_connections=3 -c superuser_reserved_connections=0 -c max_wal_senders=0')}\nserver=$!\nfor i in 1 2 3; do psql -h 127.0.0.1 -p ${ports.own} -U postgres -qc 'SELECT pg_sleep(3)' > /dev/null & done\nsleep 1\npsql -h 127.0.0.1 -p ${ports.own} -U postgres -c 'SELECT 1' || { code=$?; kill -INT $server; exit $code; }`,
      cause: /FATAL: +sorry, too many clients already/,
    },
    {
      id: 'postgres-disk',
      title: 'The disk is full while a cluster is made',
      fails: ['disk.full', 'once-elsewhere'],
      unprivileged: true,
      smallDisk: { path: 'data', size: '20m' },
      run: cluster.replace(' > initdb.log', ''),
      cause: /No space left on device/,
    },
    {
      id: 'postgres-passes',
      title: 'A cluster is made and stopped',
      passes: true,
      unprivileged: true,
      run: 'initdb -D data -U postgres -A trust --no-sync',
    },
  ],
};

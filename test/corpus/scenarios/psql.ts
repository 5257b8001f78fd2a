import { ports } from '../ports.ts';
import type { FailingScenario, ToolScenarios } from '../scenario.ts';

const address = `postgresql://postgres@127.0.0.1:${ports.postgres}/postgres`;

const sql = (
  id: string,
  title: string,
  fails: FailingScenario['fails'],
  script: string,
  cause: RegExp,
  more: Partial<FailingScenario> = {},
): FailingScenario => ({
  id,
  title,
  fails,
  helpers: ['postgres'],
  env: { DATABASE_URL: address },
  files: { 'migrate.sql': script },
  run: 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f migrate.sql',
  cause,
  ...more,
});

const two = `psql "$DATABASE_URL" -q -f other.sql > other.log 2>&1 &
psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f migrate.sql`;

/** psql against a real server. */
export const psql: ToolScenarios = {
  tool: 'psql',
  version: 'psql --version',
  needs: ['psql'],
  scenarios: [
    sql(
      'psql-relation',
      'A table that no migration made',
      ['db.schema', 'never-fixable'],
      'SELECT count(*) FROM invoices;\n',
      /ERROR: +relation "invoices" does not exist/,
      { ci: true },
    ),
    sql(
      'psql-column',
      'A column that does not exist',
      ['db.schema', 'never-fixable'],
      'CREATE TEMP TABLE users (id int);\nSELECT email FROM users;\n',
      /ERROR: +column "email" does not exist/,
    ),
    sql(
      'psql-duplicate',
      'A key that is already there',
      ['db.data', 'never-fixable'],
      `CREATE TEMP TABLE users (id int PRIMARY KEY, name text);\n${Array.from({ length: 700 }, (_, n) => `INSERT INTO users VALUES (${n}, 'user ${n}');\n`).join('')}INSERT INTO users VALUES (612, 'user 612 again');\n`,
      /ERROR: +duplicate key value violates unique constraint/,
      { run: 'psql "$DATABASE_URL" -a -v ON_ERROR_STOP=1 -f migrate.sql\necho done', ci: true },
    ),
    sql(
      'psql-foreign-key',
      'A row that refers to none',
      ['db.data', 'never-fixable'],
      'CREATE TEMP TABLE users (id int PRIMARY KEY);\nCREATE TEMP TABLE orders (user_id int REFERENCES users);\nINSERT INTO orders VALUES (7);\n',
      /violates foreign key constraint/,
    ),
    sql(
      'psql-syntax',
      'A statement that does not parse',
      ['db.query', 'never-fixable'],
      'ALTER TABEL users ADD name text;\n',
      /ERROR: +syntax error at or near "TABEL"/,
    ),
    sql(
      'psql-deadlock',
      'Two transactions wait for each other',
      ['db.contention', 'backoff'],
      "SET deadlock_timeout = '100ms';\nBEGIN;\nUPDATE accounts SET n = n + 1 WHERE id = 2;\nSELECT pg_sleep(1);\nUPDATE accounts SET n = n + 1 WHERE id = 1;\nCOMMIT;\n",
      /ERROR: +deadlock detected/,
      {
        prepare:
          'psql "$DATABASE_URL" -qc "DROP TABLE IF EXISTS accounts; CREATE TABLE accounts (id int PRIMARY KEY, n int); INSERT INTO accounts VALUES (1, 0), (2, 0)"',
        files: {
          'other.sql':
            "SET deadlock_timeout = '10s';\nBEGIN;\nUPDATE accounts SET n = n + 1 WHERE id = 1;\nSELECT pg_sleep(0.5);\nUPDATE accounts SET n = n + 1 WHERE id = 2;\nCOMMIT;\n",
          'migrate.sql':
            "SET deadlock_timeout = '100ms';\nBEGIN;\nUPDATE accounts SET n = n + 1 WHERE id = 2;\nSELECT pg_sleep(1);\nUPDATE accounts SET n = n + 1 WHERE id = 1;\nCOMMIT;\n",
        },
        run: two,
      },
    ),
    sql(
      'psql-serialize',
      'A row was changed by another transaction',
      ['db.contention', 'backoff'],
      'BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT n FROM stock;\n\\! psql "$DATABASE_URL" -qc "UPDATE stock SET n = 5"\nUPDATE stock SET n = n - 1;\nCOMMIT;\n',
      /ERROR: +could not serialize access due to concurrent update/,
      {
        prepare:
          'psql "$DATABASE_URL" -qc "DROP TABLE IF EXISTS stock; CREATE TABLE stock (n int); INSERT INTO stock VALUES (3)"',
      },
    ),
    sql(
      'psql-lock-timeout',
      'A migration waits too long for a lock',
      ['db.contention', 'backoff'],
      "SET lock_timeout = '300ms';\nSELECT pg_sleep(0.7);\nALTER TABLE ledger ADD COLUMN note text;\n",
      /ERROR: +canceling statement due to lock timeout/,
      {
        prepare: 'psql "$DATABASE_URL" -qc "DROP TABLE IF EXISTS ledger; CREATE TABLE ledger (n int)"',
        files: {
          'other.sql': 'BEGIN;\nLOCK TABLE ledger;\nSELECT pg_sleep(3);\n',
          'migrate.sql':
            "SET lock_timeout = '300ms';\nSELECT pg_sleep(0.7);\nALTER TABLE ledger ADD COLUMN note text;\n",
        },
        run: two,
      },
    ),
    sql(
      'psql-statement-timeout',
      'A query takes longer than it may',
      ['limit.timeout', 'once'],
      "SET statement_timeout = '200ms';\nSELECT pg_sleep(5);\n",
      /ERROR: +canceling statement due to statement timeout/,
    ),
    sql(
      'psql-password',
      'A wrong password',
      ['db.auth', 'never'],
      '',
      /FATAL: +password authentication failed for user "locked"/,
      {
        prepare:
          'psql "$DATABASE_URL" -qc "DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD \'right\'"',
        env: { DATABASE_URL: address, PGPASSWORD: 'wrong' },
        run: `psql -h 127.0.0.1 -p ${ports.postgres} -U locked -d postgres -c 'SELECT 1'`,
      },
    ),
    sql(
      'psql-database',
      'A database that does not exist',
      ['db.schema', 'never-fixable'],
      '',
      /FATAL: +database "app_production" does not exist/,
      { run: `psql -h 127.0.0.1 -p ${ports.postgres} -U postgres -d app_production -c 'SELECT 1'` },
    ),
    sql(
      'psql-refused',
      'No server listens',
      ['db.down', 'backoff'],
      '',
      /connection to server at .* failed: Connection refused/,
      { helpers: [], run: `psql -h 127.0.0.1 -p ${ports.refused} -U postgres -c 'SELECT 1'`, ci: true },
    ),
    sql(
      'psql-terminated',
      'The server ends the connection',
      ['db.connection', 'backoff'],
      "SELECT 'before';\nSELECT pg_terminate_backend(pg_backend_pid());\n",
      /FATAL: +terminating connection due to administrator command/,
    ),
    sql(
      'psql-permission',
      'A role may not read a table',
      ['db.auth', 'never'],
      'SET ROLE reader;\nSELECT * FROM pg_authid;\n',
      /ERROR: +permission denied for table pg_authid/,
      {
        prepare: 'psql "$DATABASE_URL" -qc "DROP ROLE IF EXISTS reader; CREATE ROLE reader"',
      },
    ),
    sql(
      'psql-role-limit',
      'The role has all its connections open',
      ['db.capacity', 'backoff'],
      '',
      /FATAL: +too many connections for role "worker"/,
      {
        prepare:
          'psql "$DATABASE_URL" -qc "DROP ROLE IF EXISTS worker; CREATE ROLE worker LOGIN CONNECTION LIMIT 1"',
        run: `psql -h 127.0.0.1 -p ${ports.postgres} -U worker -d postgres -qc 'SELECT pg_sleep(3)' >/dev/null 2>&1 &\nsleep 1\npsql -h 127.0.0.1 -p ${ports.postgres} -U worker -d postgres -c 'SELECT 1'`,
      },
    ),
    {
      id: 'psql-passes',
      title: 'Migrations with notices',
      passes: true,
      helpers: ['postgres'],
      env: { DATABASE_URL: address },
      files: {
        'migrate.sql':
          "DROP TABLE IF EXISTS missing_table;\nCREATE TEMP TABLE errors (id int);\nINSERT INTO errors SELECT generate_series(1, 5);\nDO $$ BEGIN RAISE WARNING 'index errors_idx is missing, skipped'; END $$;\nSELECT * FROM errors;\n",
      },
      run: 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f migrate.sql',
    },
  ],
};

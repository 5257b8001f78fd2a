/**
 * Every query of the page over a year of generated history: records and sums as the sink would have made them, made by
 * SQL; asked through the API, without the network.
 */
import { parseArgs } from 'node:util';
import { encodeBodiesForBench, apiUnderTest, generatedLine } from '@faultline/analytics/testing';
import { benchDatabase, type BenchDatabase } from './bench-database.ts';
import { machine, quantile, spreadOf, type BenchResult, type BenchRow } from './result.ts';

const DAYS = 365;
const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 6, 1, 12);
const FIRST_DAY = Math.floor(NOW / DAY_MS) - DAYS + 1;

interface QueryRow extends BenchRow {
  readonly p95Ms: number;
}

/** Runs the benchmark. Options: --errors, --groups, --rounds, --database URL, --port. */
export async function run(
  argv: readonly string[],
): Promise<BenchResult & { readonly rows: readonly QueryRow[]; readonly databaseBytes: number }> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      errors: { type: 'string', default: '1000000' },
      groups: { type: 'string', default: '10000' },
      rounds: { type: 'string', default: '60' },
      database: { type: 'string' },
      port: { type: 'string', default: '23391' },
    },
  });
  const errors = Number(values.errors);
  const groups = Number(values.groups);
  const rounds = Number(values.rounds);
  const database = await benchDatabase(values.database, Number(values.port));
  try {
    console.error(`making ${errors} errors`);
    await makeHistory(database, errors, groups);
    const app = await apiUnderTest(database, () => NOW);
    const rows: QueryRow[] = [];
    for (const [id, url] of Object.entries(await questions(database, groups))) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        const response = await app.inject({ url: url(round) });
        times.push(performance.now() - began);
        if (response.statusCode !== 200)
          throw new Error(`${url(round)} answered ${response.statusCode}: ${response.body}`);
      }
      const sorted = times.toSorted((a, b) => a - b);
      const row: QueryRow = {
        id,
        runs: rounds,
        recordsPerS: spreadOf(times.map((ms) => 1_000 / ms)),
        cpuSPerMillion: { total: 0, byProcess: {} },
        rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
        latencyMs: { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), p999: quantile(sorted, 0.999) },
        p95Ms: quantile(sorted, 0.95),
      };
      console.error(`${id}: p95 ${row.p95Ms.toFixed(1)} ms`);
      rows.push(row);
    }
    await app.close();
    const { rows: size } = await database.pool.query<{ bytes: number }>(
      'select pg_database_size(current_database())::float8 as bytes',
    );
    return {
      machine: machine(),
      load: { records: errors, bytes: 0, partitions: DAYS, mix: `a year of errors in ${groups} groups` },
      rows,
      ratios: {},
      databaseBytes: size[0]?.bytes ?? 0,
    };
  } finally {
    await database.drop();
  }
}

/** The questions of the page, each with other values in each round. */
async function questions(
  { pool }: BenchDatabase,
  groups: number,
): Promise<Readonly<Record<string, (round: number) => string>>> {
  const { rows } = await pool.query<{ event_id: string; fingerprint: string; coordinate: string }>(
    `select event_id, fingerprint, s.topic_id || '/' || raw_partition || '/' || raw_offset as coordinate
     from records r join sources s using (source) where raw_offset % 9973 = 7 limit 200`,
  );
  const at = (round: number): (typeof rows)[number] =>
    rows[round % rows.length] ?? { event_id: '', fingerprint: '', coordinate: '' };
  const ago = (days: number): string => `from=${NOW - days * DAY_MS}&to=${NOW}`;
  return {
    line: () => '/api/v1/line',
    dashboard: () => '/api/v1/dashboard',
    'groups by last': () => '/api/v1/groups?order=last',
    'groups by cost': () => '/api/v1/groups?order=cost',
    'groups searched': (round) => `/api/v1/groups?q=module%20${(round * 37) % groups}`,
    'groups, tenth page': () => '/api/v1/groups?order=count&offset=450',
    group: (round) => `/api/v1/groups/${at(round).fingerprint}`,
    'errors of a group': (round) => `/api/v1/errors?limit=20&fingerprint=${at(round).fingerprint}`,
    errors: () => '/api/v1/errors',
    'errors in flight': () => '/api/v1/errors?state=in%20flight',
    'errors searched': (round) => `/api/v1/errors?q=year-${(round * 7_919) % 1_000}`,
    'trace by id': (round) => `/api/v1/trace/${at(round).event_id}`,
    'trace by coordinate': (round) => `/api/v1/trace/${encodeURIComponent(at(round).coordinate)}`,
    'timeline of a day': () => `/api/v1/timeline?${ago(1)}`,
    'timeline of a year': () => `/api/v1/timeline?${ago(365)}&by=category`,
    'statistics of a day': () => `/api/v1/statistics?${ago(1)}`,
    'statistics of a year': () => `/api/v1/statistics?${ago(365)}`,
    retries: () => '/api/v1/retries?limit=100',
    'dead letters': () => '/api/v1/dead-letters?limit=100',
    incidents: () => '/api/v1/incidents?limit=100',
    mailbox: () => '/api/v1/mailbox?limit=100',
  };
}

/** A year of records and the sums over them. Causes are as uneven as real ones: the square favours a few. */
async function makeHistory({ pool }: BenchDatabase, errors: number, groups: number): Promise<void> {
  const perDay = Math.ceil(errors / DAYS);
  const [sample = []] = [...generatedLine({ seed: 'year', records: 1, from: NOW, to: NOW + 1, groups: 1 })];
  const { schema, body } = await encodeBodiesForBench(pool, sample);
  await pool.query(`insert into sources (topic_id) values ('aaaaaaaaaaaaaaaaaaaaaA')`);
  await pool.query(
    `insert into groups (fingerprint, title, category, error_type, severity, repository)
     select md5(g::text), 'Cannot settle order: ledger entry is missing (module ' || g || ')', 'category.' || g % 12,
       'TYPE_' || g % 6, (array['low', 'medium', 'high', 'critical'])[1 + g % 4], 'acme/service-' || g % 200
     from generate_series(0, $1::int - 1) g`,
    [groups],
  );
  for (let day = FIRST_DAY; day < FIRST_DAY + DAYS; day += 1) {
    await pool.query(
      `select ensure_days('records', array[$1::bigint]), ensure_days('outcomes', array[$1::bigint])`,
      [day],
    );
    await pool.query(
      `insert into records (received_at, source, raw_partition, raw_offset, deadline, occurred_at, updated_at, ended_at,
         first_action_at, next_at, attempt_ms, hops, attempts, round, fix_proposed, fix_applied, state, stage, reason,
         event_id, category, error_type, severity, environment, repository, fingerprint, title, tool, seen)
       select at, 1, n % 4, base + n / 4, at + 86400000, at - 1500, at + 5000,
         case when open then null else at + 5000 end, at + 1000, case when open then at + 60000 end, n % 3 * 1500, 3, n % 3, 0,
         n % 4 = 0, false, case when open then 'delayed' when n % 500 = 3 then 'dead-lettered' when n % 2 = 0 then 'resolved' else 'escalated' end,
         'retrier', 'retry-succeeded', 'year-' || (base * 4 + n), 'category.' || g % 12, 'TYPE_' || g % 6,
         (array['low', 'medium', 'high', 'critical'])[1 + g % 4], (array['ci', 'staging', 'production'])[1 + n % 3],
         'acme/service-' || g % 200, md5(g::text), 'Cannot settle order: ledger entry is missing (module ' || g || ')', 'node', '\\x00112233445566778899aabbccddeeff'
       from (
         select n, $1::bigint * 86400000 + n::bigint * 86400000 / $2 as at, ($1::bigint - $3::bigint) * ($2 / 4 + 1) as base,
           floor(power(random(), 2) * $4)::int as g, $1::bigint = $5::bigint and n % 200 = 0 as open
         from generate_series(0, $2::int - 1) n
       ) x where at <= $6`,
      [day, perDay, FIRST_DAY, groups, Math.floor(NOW / DAY_MS), NOW],
    );
    await pool.query(
      `insert into outcomes (at, source, raw_partition, raw_offset, hops, schema, body)
       select received_at + 100, source, raw_partition, raw_offset, 0, $3, $4 from records
       where received_at >= $1 and received_at < $2`,
      [day * DAY_MS, (day + 1) * DAY_MS, schema, body],
    );
  }
  const ends = `count(*), count(*) filter (where state = 'resolved'), 0, count(*) filter (where state = 'dead-lettered'),
    count(*) filter (where state = 'escalated')`;
  const sums = 'total, resolved, suppressed, dead_lettered, escalated';
  for (const [grain, ms] of [
    ['hour', 3_600_000],
    ['day', DAY_MS],
  ] as const) {
    for (const dimension of ['category', 'severity', 'environment', 'fingerprint', 'repository']) {
      await pool.query(
        `insert into period_counts (dimension, grain, bucket, key, shard, ${sums}, attempts, attempt_ms, fixes, fixed)
         select '${dimension}', '${grain}', (occurred_at / ${ms})::int, ${dimension}, raw_partition, ${ends}, sum(attempts), sum(attempt_ms),
           count(*) filter (where fix_proposed), 0 from records group by 3, 4, 5`,
      );
    }
    await pool.query(
      `insert into durations (grain, bucket, kind, step, shard, n)
       select '${grain}', (received_at / ${ms})::int, kind, 40 + (raw_offset % 20)::int, raw_partition, count(*)
       from records cross join (values ('end'), ('resolution'), ('first-action')) k(kind) group by 2, 3, 4, 5`,
    );
  }
  for (const [grain, ms] of [
    ['minute', 60_000],
    ['hour', 3_600_000],
    ['day', DAY_MS],
  ] as const) {
    await pool.query(
      `insert into moves (grain, bucket, stage, from_state, to_state, reason, shard, n)
       select '${grain}', (received_at / ${ms})::int, k.stage, k.f, case when k.t = 'end' then state else k.t end, 'reason', raw_partition, count(*)
       from records cross join (values ('classifier', 'raw', 'classified'), ('retrier', 'classified', 'fixable'),
         ('fixer', 'fixable', 'unresolved'), ('escalator', 'unresolved', 'end')) k(stage, f, t)
       where '${grain}' <> 'minute' or received_at > ${NOW - 90 * DAY_MS}
       group by 2, 3, 4, 5, 7`,
    );
  }
  await pool.query(
    `insert into minute_counts (minute, category, severity, environment, shard, ${sums})
     select occurred_at / 60000, category, severity, environment, raw_partition, ${ends} from records
     where occurred_at > ${NOW - 90 * DAY_MS} group by 1, 2, 3, 4, 5`,
  );
  await pool.query(
    `insert into group_counts (fingerprint, shard, ${sums}, attempts, attempt_ms, first_at, last_at, last_event_id)
     select fingerprint, raw_partition, ${ends}, sum(attempts), sum(attempt_ms), min(occurred_at), max(occurred_at), max(event_id) from records group by 1, 2`,
  );
  await pool.query(
    `insert into open_records (kind, bucket, shard, n)
     select 'received', (received_at / 86400000)::int, 0, count(*) from records where ended_at is null group by 2
     union all select 'deadline', (deadline / 60000)::int, 0, count(*) from records where ended_at is null group by 2`,
  );
  await pool.query(
    `insert into dead_letters select received_at, source, raw_partition, raw_offset from records where state = 'dead-lettered'`,
  );
  await pool.query(
    `insert into line_counters (shard, received, seen, resolved, dead_lettered, escalated)
     select raw_partition, count(*), ${ends.replace(' 0,', '')} from records group by 1`,
  );
  await pool.query('vacuum analyze');
}

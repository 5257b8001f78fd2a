/**
 * The sink alone: outcomes as they lie on errors.outcomes, encoded, into a local Postgres; each batch decoded and
 * written in a transaction that also moves an offset, the partitions side by side, as the inbox does it.
 */
import { parseArgs } from 'node:util';
import { registeredSchemas, RecordCodec, type Outcome } from '@faultline/schemas';
import { generatedLine, inTransaction } from '@faultline/analytics/testing';
import { sinkInbox } from '@faultline/analytics';
import { benchDatabase, type BenchDatabase } from './bench-database.ts';
import { usageOf } from './process-usage.ts';
import { machine, quantile, spreadOf, type BenchResult } from './result.ts';

const PARTITIONS = 4;
const SCHEMA_ID = 1;
const START = Date.UTC(2026, 0, 10);
/** Records a second that are pretended to come in: how far the outcomes of one record lie apart. */
const PRETENDED_RATE = 10_000;

/** Sizes of tables on disk, in bytes. */
export interface Sizes {
  readonly history: number;
  readonly sums: number;
  readonly tables: Readonly<Record<string, number>>;
}

/** Runs the benchmark. Options: --records (errors), --batch, --runs, --database URL, --port. */
export async function run(argv: readonly string[]): Promise<BenchResult & { readonly sizes: Sizes }> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      records: { type: 'string', default: '40000' },
      batch: { type: 'string', default: '2000' },
      runs: { type: 'string', default: '5' },
      database: { type: 'string' },
      port: { type: 'string', default: '23390' },
    },
  });
  const records = Number(values.records);
  const batch = Number(values.batch);
  const runs = Number(values.runs);
  const codec = new RecordCodec('Outcome', async () => Promise.resolve(registeredSchemas.Outcome));
  const database = await benchDatabase(values.database, Number(values.port));
  try {
    const rates: number[] = [];
    const latencies: number[] = [];
    let [nodeCpu, serverCpu, written, bytes, rssMb] = [0, 0, 0, 0, 0];
    await database.pool.query('create table bench_offsets (part int primary key, off bigint not null)');
    for (let round = 0; round <= runs; round += 1) {
      const partitions = load(codec, records, round);
      const all = partitions.flat();
      const before = process.cpuUsage();
      const serverBefore = await serverSeconds(database);
      const began = performance.now();
      const inbox = sinkInbox();
      await Promise.all(
        partitions.map(async (values, partition) =>
          drain(database, codec, inbox, partition, values, batch, latencies),
        ),
      );
      const seconds = (performance.now() - began) / 1_000;
      const used = process.cpuUsage(before);
      console.error(`round ${round}: ${Math.round(all.length / seconds)} outcomes a second`);
      if (round === 0) {
        latencies.length = 0;
        continue; // plans and caches are made
      }
      rates.push(all.length / seconds);
      nodeCpu += (used.user + used.system) / 1e6;
      serverCpu += (await serverSeconds(database)) - serverBefore;
      written += all.length;
      bytes += all.reduce((sum, value) => sum + value.length, 0);
      rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
    }
    const sorted = latencies.toSorted((a, b) => a - b);
    const perMillion = (seconds: number): number => (seconds / written) * 1e6;
    return {
      machine: machine(),
      load: {
        records: written,
        bytes: Math.round(bytes / written),
        partitions: PARTITIONS,
        mix: `outcomes of ${records} errors a run: retried, fixed, escalated, repeats; batches of ${batch}`,
      },
      rows: [
        {
          id: 'sink',
          runs,
          recordsPerS: spreadOf(rates),
          cpuSPerMillion: {
            total: perMillion(nodeCpu + serverCpu),
            byProcess: { analytics: perMillion(nodeCpu), postgres: perMillion(serverCpu) },
          },
          rssMb,
          latencyMs: {
            p50: quantile(sorted, 0.5),
            p99: quantile(sorted, 0.99),
            p999: quantile(sorted, 0.999),
          },
        },
      ],
      ratios: {},
      sizes: await sizesOf(database),
    };
  } finally {
    await database.drop();
  }
}

/** Encoded outcomes by partition, in the order of their time. */
function load(codec: RecordCodec<'Outcome'>, records: number, round: number): readonly (readonly Buffer[])[] {
  const from = START + round * 3_600_000;
  const partitions: Outcome[][] = Array.from({ length: PARTITIONS }, () => []);
  let index = 0;
  const histories = generatedLine({
    seed: `bench ${round}`,
    records,
    from,
    to: from + (records / PRETENDED_RATE) * 1_000,
    groups: 500,
    repositories: 50,
    firstOffset: round * records,
    logLines: 10,
  });
  for (const history of histories) {
    partitions[index % PARTITIONS]?.push(...history);
    index += 1;
  }
  return partitions.map((outcomes) =>
    outcomes
      .toSorted((a, b) => a.at - b.at || a.hops - b.hops)
      .map((outcome) => codec.encode(outcome, SCHEMA_ID)),
  );
}

async function drain(
  database: BenchDatabase,
  codec: RecordCodec<'Outcome'>,
  inbox: ReturnType<typeof sinkInbox>,
  partition: number,
  values: readonly Buffer[],
  batch: number,
  latencies: number[],
): Promise<void> {
  for (let offset = 0; offset < values.length; offset += batch) {
    const began = performance.now();
    const slice = values.slice(offset, offset + batch);
    await codec.prepare(slice);
    const records = slice.map((value, index) => ({
      topic: 'errors.outcomes' as const,
      partition,
      offset: offset + index,
      timestamp: START,
      key: null,
      value: codec.decode(value),
    }));
    await inTransaction(database.pool, async (client) => {
      await client.query(
        'insert into bench_offsets values ($1, $2) on conflict (part) do update set off = excluded.off',
        [partition, offset],
      );
      await inbox.handle(client, records, undefined as never); // the sink wants nothing of the context
    });
    latencies.push(performance.now() - began);
  }
}

async function serverSeconds(database: BenchDatabase): Promise<number> {
  let seconds = 0;
  for (const pid of await database.serverPids()) seconds += usageOf(pid).cpuS;
  return seconds;
}

async function sizesOf({ pool }: BenchDatabase): Promise<Sizes> {
  const { rows } = await pool.query<{ name: string; bytes: number }>(
    `select coalesce(p.inhparent::regclass, c.oid::regclass)::text as name, sum(pg_total_relation_size(c.oid))::float8 as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_inherits p on p.inhrelid = c.oid
     where n.nspname = 'public' and c.relkind = 'r' group by 1`,
  );
  const tables = Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
  const sum = (names: readonly string[]): number =>
    names.reduce((total, name) => total + (tables[name] ?? 0), 0);
  const sums = [
    'minute_counts',
    'period_counts',
    'moves',
    'durations',
    'groups',
    'group_counts',
    'line_counters',
    'line_latency',
  ];
  const history = ['outcomes', 'records'];
  return {
    history: sum(history),
    sums: sum(sums),
    tables: Object.fromEntries(
      Object.entries(tables).filter(([name]) => [...sums, ...history].includes(name)),
    ),
  };
}

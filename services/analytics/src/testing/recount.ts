import type { Outcome } from '@faultline/schemas';
import type { Pool } from 'pg';
import { storedBodies, type StoredBody } from '../sink/body-schemas.ts';

type Key = readonly (string | number)[];
type Counts = Map<string, number[]>;

const terminal = ['resolved', 'suppressed', 'dead-lettered', 'escalated'];
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

interface Recounted {
  readonly state: string;
  readonly attempts: number;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly deadline: number;
  readonly category: string | null;
  readonly severity: string | null;
  readonly environment: string | null;
  readonly repository: string | null;
  readonly fingerprint: string | null;
}

const ends = 'sum(resolved)::int, sum(suppressed)::int, sum(dead_lettered)::int, sum(escalated)::int';

/** What is kept, as rows of a key and its sums; the last columns are the sums. */
const kept = {
  minutes: `select minute::int, category, severity, environment, sum(total)::int, ${ends} from minute_counts
    group by 1, 2, 3, 4 having sum(total) <> 0`,
  periods: `select dimension, grain, bucket, key, sum(total)::int, ${ends}, sum(attempts)::int from period_counts
    group by 1, 2, 3, 4 having sum(total) <> 0`,
  groups: `select fingerprint, sum(total)::int, ${ends} from group_counts group by 1 having sum(total) <> 0`,
  counters: `select sum(seen)::int, ${ends} from line_counters having sum(seen) <> 0`,
  moves: `select grain, bucket, stage, from_state, to_state, reason, sum(n)::int from moves group by 1, 2, 3, 4, 5, 6`,
  ended: `select sum(n)::int from line_latency having sum(n) <> 0`,
  open: `select kind, bucket, sum(n)::int from open_records group by 1, 2 having sum(n) <> 0`,
} as const;
const widths: Readonly<Record<keyof typeof kept, number>> = {
  minutes: 5,
  periods: 6,
  groups: 5,
  counters: 5,
  moves: 1,
  ended: 1,
  open: 1,
};

/**
 * Rows in which a sum and a recount of the raw history differ; none where all is right. The recount reads the bodies
 * of all outcomes and takes for each record the end, or where there is none the transition of most hops.
 */
export async function recountDifferences(pool: Pool): Promise<readonly unknown[]> {
  const recount = await recountAll(pool);
  const differences: unknown[] = [];
  for (const name of Object.keys(kept) as (keyof typeof kept)[]) {
    const { rows } = await pool.query<(string | number)[]>({ text: kept[name], rowMode: 'array' });
    const width = widths[name];
    const seen = new Map(
      rows.map((row) => [JSON.stringify(row.slice(0, -width)), JSON.stringify(row.slice(-width))]),
    );
    const counted = new Map([...recount[name]].map(([key, counts]) => [key, JSON.stringify(counts)]));
    for (const key of new Set([...seen.keys(), ...counted.keys()])) {
      if (seen.get(key) !== counted.get(key))
        differences.push([name, key, { kept: seen.get(key), recounted: counted.get(key) }]);
    }
  }
  return differences;
}

async function recountAll(pool: Pool): Promise<Readonly<Record<keyof typeof kept, Counts>>> {
  const sums = {
    minutes: new Map(),
    periods: new Map(),
    groups: new Map(),
    counters: new Map(),
    moves: new Map(),
    ended: new Map(),
    open: new Map(),
  } as Record<keyof typeof kept, Counts>;
  const { rows } = await pool.query<StoredBody>('select schema, body from outcomes');
  const read = await storedBodies(pool);
  const records = new Map<string, Outcome[]>();
  for (const outcome of rows.map(read)) {
    const key = JSON.stringify(outcome.coordinate);
    records.set(key, [...(records.get(key) ?? []), outcome]);
    for (const [grain, ms] of [
      ['minute', MINUTE_MS],
      ['hour', HOUR_MS],
      ['day', DAY_MS],
    ] as const) {
      add(
        sums.moves,
        [
          grain,
          Math.floor(outcome.at / ms),
          outcome.stage,
          outcome.from ?? '',
          outcome.to ?? '',
          outcome.reason ?? '',
        ],
        [1],
      );
    }
  }
  for (const outcomes of records.values()) {
    const record = recountOne(outcomes);
    const states = [1, ...terminal.map((state) => Number(state === record.state))];
    const dimensions = {
      category: record.category ?? 'unclassified',
      severity: record.severity ?? 'UNKNOWN',
      environment: record.environment ?? 'unknown',
      fingerprint: record.fingerprint,
      repository: record.repository,
    };
    add(
      sums.minutes,
      [
        Math.floor(record.occurredAt / MINUTE_MS),
        dimensions.category,
        dimensions.severity,
        dimensions.environment,
      ],
      states,
    );
    for (const [dimension, key] of Object.entries(dimensions)) {
      if (key === null) continue;
      add(
        sums.periods,
        [dimension, 'hour', Math.floor(record.occurredAt / HOUR_MS), key],
        [...states, record.attempts],
      );
      add(
        sums.periods,
        [dimension, 'day', Math.floor(record.occurredAt / DAY_MS), key],
        [...states, record.attempts],
      );
    }
    if (record.fingerprint !== null) add(sums.groups, [record.fingerprint], states);
    add(sums.counters, [], states);
    if (terminal.includes(record.state)) add(sums.ended, [], [1]);
    else {
      add(sums.open, ['received', Math.floor(record.receivedAt / DAY_MS)], [1]);
      add(sums.open, ['deadline', Math.floor(record.deadline / MINUTE_MS)], [1]);
    }
  }
  return sums;
}

function recountOne(outcomes: readonly Outcome[]): Recounted {
  const rank = ({ to, hops }: Outcome): number => (terminal.includes(to ?? '') ? 1e6 : 0) + hops;
  const last = outcomes.toSorted((a, b) => rank(b) - rank(a))[0];
  const event = outcomes.find((outcome) => outcome.event !== null)?.event;
  const classification = outcomes.find((outcome) => outcome.classification !== null)?.classification;
  const receivedAt = Math.min(...outcomes.map((outcome) => outcome.receivedAt ?? outcome.at));
  const text = (value: string | null | undefined): string | null =>
    value?.replaceAll('\u0000', '\ufffd') ?? null;
  return {
    state: last?.to ?? 'raw',
    receivedAt,
    deadline: outcomes[0]?.deadline ?? receivedAt,
    attempts: Math.max(...outcomes.map(({ retry }) => retry?.attempts.length ?? 0)),
    // producers of these tests are never ahead, nor a month behind
    occurredAt: event == null ? receivedAt : Math.min(event.time, receivedAt),
    category: text(classification?.category),
    severity: text(classification?.severity),
    environment: text(event?.environment),
    repository: text(event?.repository),
    fingerprint: text(classification?.fingerprint.id),
  };
}

function add(counts: Counts, key: Key, values: readonly number[]): void {
  const name = JSON.stringify(key);
  const before = counts.get(name);
  counts.set(
    name,
    values.map((value, index) => value + (before?.[index] ?? 0)),
  );
}

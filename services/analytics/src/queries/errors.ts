import type { Pool } from 'pg';
import { Conditions, containing } from './conditions.ts';

const DAY_MS = 86_400_000;

/** Which errors are asked for. */
export interface ErrorFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly state?: string | undefined;
  readonly category?: string | undefined;
  readonly severity?: string | undefined;
  readonly environment?: string | undefined;
  readonly repository?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** One error of a list. */
export interface ErrorItem {
  readonly coordinate: string;
  readonly id: string | null;
  readonly receivedAt: number;
  readonly occurredAt: number;
  readonly endedAt: number | null;
  readonly deadline: number;
  readonly nextAt: number | null;
  readonly state: string;
  readonly stage: string;
  readonly reason: string | null;
  readonly category: string | null;
  readonly errorType: string | null;
  readonly severity: string | null;
  readonly environment: string | null;
  readonly repository: string | null;
  readonly fingerprint: string | null;
  readonly title: string | null;
  readonly tool: string | null;
  readonly attempts: number;
  readonly level: string | null;
  readonly incidentId: string | null;
}

/** A page of a list; `next` is the cursor of the one behind it, or null at the end. */
export interface Page<Item> {
  readonly v: 1;
  readonly items: readonly Item[];
  readonly next: string | null;
}

const columns = `s.topic_id || '/' || r.raw_partition || '/' || r.raw_offset as coordinate, r.event_id as id,
  r.received_at::float8 as "receivedAt", r.occurred_at::float8 as "occurredAt", r.ended_at::float8 as "endedAt",
  r.deadline::float8, r.next_at::float8 as "nextAt", r.state, r.stage, r.reason, r.category, r.error_type as "errorType",
  r.severity, r.environment, r.repository, r.fingerprint, r.title, r.tool, r.attempts, r.level,
  r.incident_id as "incidentId"`;

/** Dead letters with their records, a probe of the key for each. */
const deadRecords = `dead_letters d cross join lateral (
    select * from records x where x.source = d.source and x.raw_partition = d.raw_partition
      and x.raw_offset = d.raw_offset and x.received_at = d.received_at limit 1
  ) r`;

/** States of records that are in flight. */
const open: ReadonlySet<string> = new Set([
  'in flight',
  'raw',
  'classified',
  'delayed',
  'fixable',
  'unresolved',
]);

/** Whether a text is a cursor of {@link readErrors}. */
export const isErrorCursor = (cursor: string): boolean => /^\d{1,15}\.\d{1,9}\.\d{1,15}$/.test(cursor);

/** Errors, the latest received first. */
export async function readErrors(pool: Pool, filter: ErrorFilter): Promise<Page<ErrorItem>> {
  const where = new Conditions()
    .add('r.received_at >= ?', filter.from)
    .add('r.received_at <= ?', filter.to)
    .add('r.category = ?', filter.category)
    .add('r.severity = ?', filter.severity)
    .add('r.environment = ?', filter.environment)
    .add('r.repository = ?', filter.repository)
    .add('r.fingerprint = ?', filter.fingerprint)
    .add(
      `(r.title ilike ? or r.event_id ilike ?)`,
      filter.q === undefined ? undefined : containing(filter.q),
    );
  if (filter.state === 'in flight') where.add('r.ended_at is null and ?::boolean', true);
  else where.add('r.state = ?', filter.state);
  if (filter.state !== undefined && open.has(filter.state)) {
    const days = await openRange(pool);
    where.add('r.received_at >= ?', days.from).add('r.received_at < ?', days.to);
  }
  if (filter.cursor !== undefined) {
    const [at, partition, offset] = filter.cursor.split('.').map(Number);
    const tuple = [at, partition, offset].map((part) => where.value(part)).join(', ');
    where.add(`(r.received_at, r.raw_partition, r.raw_offset) < (${tuple}) and ?::boolean`, true);
  }
  const limit = where.value(filter.limit + 1);
  const by = filter.state === 'dead-lettered' ? 'd' : 'r';
  const { rows } = await pool.query<ErrorItem>(
    `select ${columns} from ${filter.state === 'dead-lettered' ? deadRecords : 'records r'}
     join sources s on s.source = r.source where ${where.text}
     order by ${by}.received_at desc, ${by}.raw_partition desc, ${by}.raw_offset desc limit ${limit}`,
    where.values,
  );
  const items = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return { v: 1, items, next: last === undefined ? null : cursorOf(last) };
}

function cursorOf({ receivedAt, coordinate }: ErrorItem): string {
  const [, partition, offset] = coordinate.split('/');
  return [receivedAt, partition, offset].join('.');
}

/** Records among which the next retries are looked for: the latest of the days with records in flight. */
const MOST_RECENT = 50_000;

/** Records that wait for a retry, the next due first, among the 50,000 latest. */
export async function readPendingRetries(pool: Pool, limit: number): Promise<readonly ErrorItem[]> {
  const { from, to } = await openRange(pool);
  const { rows } = await pool.query<ErrorItem>({
    name: 'pending retries',
    text: `select ${columns} from (
        select * from records where received_at >= $2 and received_at < $3 order by received_at desc limit ${MOST_RECENT}
      ) r join sources s on s.source = r.source
      where r.state = 'delayed' order by r.next_at limit $1`,
    values: [limit, from, to],
  });
  return rows;
}

/** From the first to the last day on which a record that is in flight was received. */
async function openRange(pool: Pool): Promise<{ readonly from: number; readonly to: number }> {
  const { rows } = await pool.query<{ from: number | null; to: number | null }>({
    name: 'open range',
    text: `select min(bucket)::float8 * ${DAY_MS} as "from", (max(bucket) + 1)::float8 * ${DAY_MS} as "to" from (
        select bucket from open_records where kind = 'received' group by bucket having sum(n) <> 0
      ) d`,
  });
  return { from: rows[0]?.from ?? 0, to: rows[0]?.to ?? 0 };
}

/** What retrying came to, by category. */
export interface RetryWorth {
  readonly category: string;
  readonly errors: number;
  readonly runs: number;
  readonly runMs: number;
  readonly resolved: number;
}

/** What retrying was worth, by category, over the errors of a period in whole days or hours. */
export async function readRetryWorth(
  pool: Pool,
  window: { readonly grain: string; readonly first: number; readonly last: number },
): Promise<readonly RetryWorth[]> {
  const { rows } = await pool.query<RetryWorth>({
    name: 'retry worth',
    text: `select key as category, sum(total)::float8 as errors, sum(attempts)::float8 as runs,
        sum(attempt_ms)::float8 as "runMs", sum(resolved - fixed)::float8 as resolved
      from period_counts where dimension = 'category' and grain = $1 and bucket between $2 and $3
      group by key having sum(attempts) > 0 order by 3 desc`,
    values: [window.grain, window.first, window.last],
  });
  return rows;
}

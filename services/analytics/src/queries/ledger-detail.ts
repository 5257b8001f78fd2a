import type { Pool } from 'pg';

/** A stretch of errors.raw. */
export interface LedgerStretch {
  readonly topicId: string;
  readonly partition: number;
  readonly from: number;
  readonly to: number;
  readonly records: number;
}

/** What the ledger rests on. */
export interface LedgerDetail {
  readonly proven: readonly LedgerStretch[];
  /** Ranges whose records are not all there yet. */
  readonly open: readonly (LedgerStretch & { readonly found: number | null; readonly reportedAt: number })[];
  readonly violations: readonly (Omit<LedgerStretch, 'records'> & {
    readonly at: number;
    readonly kind: string;
    readonly detail: string;
  })[];
}

const MOST = 200;

/** Proven stretches, open ranges and contradictions. */
export async function readLedgerDetail(pool: Pool): Promise<LedgerDetail> {
  const stretch = `s.topic_id as "topicId", x.raw_partition as partition, x.from_offset::float8 as "from", x.to_offset::float8 as "to"`;
  const [proven, open, violations] = await Promise.all([
    pool.query<LedgerDetail['proven'][number]>(
      `select ${stretch}, x.records::float8 as records from proven x join sources s using (source) order by 1, 2, 3 limit ${MOST}`,
    ),
    pool.query<LedgerDetail['open'][number]>(
      `select ${stretch}, x.records::float8 as records, x.found::float8 as found, x.reported_at::float8 as "reportedAt"
       from ranges x join sources s using (source) order by 1, 2, 3 limit ${MOST}`,
    ),
    pool.query<LedgerDetail['violations'][number]>(
      `select ${stretch}, x.at::float8, x.kind, x.detail from ledger_violations x join sources s using (source)
       order by x.at desc limit ${MOST}`,
    ),
  ]);
  return { proven: proven.rows, open: open.rows, violations: violations.rows };
}

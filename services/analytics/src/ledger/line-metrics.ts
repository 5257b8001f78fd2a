import type { Metrics } from '@faultline/platform';
import { stageNames } from '@faultline/stream';
import type { Pool } from 'pg';
import { durationOf } from '../domain/durations.ts';
import type { Line } from '../domain/line/line-ledger.ts';

const MINUTE_MS = 60_000;
/** Stages' resolution is looked at over the last hour. */
const WINDOW_MINUTES = 60;

/** Share of the records that a stage let go of which it ended as resolved, by stage, over the last hour. */
export async function resolutionByStage(pool: Pool, now: number): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ stage: string; ratio: number }>(
    `select stage, (sum(n) filter (where to_state = 'resolved'))::float8 / nullif(sum(n), 0) as ratio
     from moves where grain = 'minute' and bucket > $1 and to_state not in ('delayed', 'suppressed') group by stage`,
    [Math.floor(now / MINUTE_MS) - WINDOW_MINUTES],
  );
  return new Map(rows.map(({ stage, ratio }) => [stage, ratio]));
}

/** Sets the metrics of the line; the latency histogram grows by what the steps in Postgres grew. */
export class LineMetrics {
  readonly #metrics: Metrics;
  #latency: ReadonlyMap<number, number> | undefined;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  async update(pool: Pool, line: Line, now: number): Promise<void> {
    this.#metrics.set('faultline_in_flight_records', {}, line.inFlight);
    this.#metrics.set('faultline_overdue_records', {}, line.overdue);
    this.#metrics.set('faultline_unaccounted_records', {}, line.unaccounted);
    const ratios = await resolutionByStage(pool, now);
    for (const stage of stageNames) {
      this.#metrics.set('faultline_resolution_ratio', { stage }, ratios.get(stage) ?? 0);
    }
    const { rows } = await pool.query<{ step: number; n: number }>(
      'select step, sum(n)::float8 as n from line_latency group by step',
    );
    const latency = new Map(rows.map(({ step, n }) => [step, n]));
    if (this.#latency !== undefined) {
      for (const [step, n] of latency) {
        const more = n - (this.#latency.get(step) ?? 0);
        for (let count = 0; count < more; count += 1) {
          this.#metrics.observe('faultline_line_seconds', {}, durationOf(step) / 1_000);
        }
      }
    }
    this.#latency = latency;
  }
}

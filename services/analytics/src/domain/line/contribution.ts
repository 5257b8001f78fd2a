import { durationBucket } from '../durations.ts';
import { endIndex, ends, type RecordRow } from './record-row.ts';
import { Sums } from './sums.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Every sum that is kept over records. Columns stand in the order of the tables. */
export interface RecordSums {
  /** minute, category, severity, environment: total and the four ends. */
  readonly minutes: Sums;
  /** dimension, grain, bucket, key: total, four ends, attempts, attempt ms, fixes, fixed. */
  readonly periods: Sums;
  /** hour, kind, bucket: how many. */
  readonly durations: Sums;
  /** bucket: how many ended. */
  readonly latency: Sums;
  /** fingerprint: total, four ends, attempts, attempt ms. */
  readonly groups: Sums;
  /** One key: seen and the four ends. */
  readonly counters: Sums;
}

/** No sums yet. */
export const emptySums = (): RecordSums => ({
  minutes: new Sums(),
  periods: new Sums(),
  durations: new Sums(),
  latency: new Sums(),
  groups: new Sums(),
  counters: new Sums(),
});

/** What stands for a dimension that is not known. */
export const unknownDimension = { category: 'unclassified', severity: 'UNKNOWN', environment: 'unknown' };

/**
 * Adds what one record contributes to every sum, or takes it away with sign -1. All sums are sums of this over
 * records, which is why they equal a recount: a changed record takes the old away and adds the new.
 */
export function contribute(row: RecordRow, sums: RecordSums, sign: 1 | -1): void {
  const states = [1, ...oneOf(endIndex(row.state))];
  sums.counters.add([], states, sign);
  sums.minutes.add(
    [
      Math.floor(row.occurredAt / MINUTE_MS),
      row.category ?? unknownDimension.category,
      row.severity ?? unknownDimension.severity,
      row.environment ?? unknownDimension.environment,
    ],
    states,
    sign,
  );
  const fixed = row.state === 'resolved' && row.stage === 'fixer' ? 1 : 0;
  const whole = [...states, row.attempts, row.attemptMs, row.fixProposed ? 1 : 0, fixed];
  const hour = Math.floor(row.occurredAt / HOUR_MS);
  const day = Math.floor(row.occurredAt / DAY_MS);
  for (const dimension of ['fingerprint', 'repository'] as const) {
    const key = row[dimension];
    if (key === null) continue;
    sums.periods.add([dimension, 'hour', hour, key], whole, sign);
    sums.periods.add([dimension, 'day', day, key], whole, sign);
  }
  if (row.fingerprint !== null) {
    sums.groups.add([row.fingerprint], [...states, row.attempts, row.attemptMs], sign);
  }
  contributeDurations(row, sums, sign);
}

function contributeDurations(row: RecordRow, sums: RecordSums, sign: 1 | -1): void {
  const hour = Math.floor(row.receivedAt / HOUR_MS);
  if (row.endedAt !== null) {
    const bucket = durationBucket(row.endedAt - row.receivedAt);
    sums.latency.add([bucket], [1], sign);
    sums.durations.add([hour, 'end', bucket], [1], sign);
    if (row.state === 'resolved') sums.durations.add([hour, 'resolution', bucket], [1], sign);
  }
  if (row.firstActionAt !== null) {
    sums.durations.add([hour, 'first-action', durationBucket(row.firstActionAt - row.receivedAt)], [1], sign);
  }
}

const oneOf = (index: number): readonly number[] => ends.map((_, at) => (at === index ? 1 : 0));

import { durationStep } from '../durations.ts';
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
  /** grain, bucket, kind, step: how many. */
  readonly durations: Sums;
  /** step: how many ended. */
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

/** Dimensions that hours and days are counted over. */
export const dimensions = ['category', 'severity', 'environment', 'fingerprint', 'repository'] as const;
/** One of the dimensions. */
export type Dimension = (typeof dimensions)[number];

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
  for (const dimension of dimensions) {
    const key =
      row[dimension] ??
      (dimension in unknownDimension ? unknownDimension[dimension as keyof typeof unknownDimension] : null);
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
  const add = (kind: string, step: number): void => {
    sums.durations.add(['hour', Math.floor(row.receivedAt / HOUR_MS), kind, step], [1], sign);
    sums.durations.add(['day', Math.floor(row.receivedAt / DAY_MS), kind, step], [1], sign);
  };
  if (row.endedAt !== null) {
    const step = durationStep(row.endedAt - row.receivedAt);
    sums.latency.add([step], [1], sign);
    add('end', step);
    if (row.state === 'resolved') add('resolution', step);
  }
  if (row.firstActionAt !== null) add('first-action', durationStep(row.firstActionAt - row.receivedAt));
}

const oneOf = (index: number): readonly number[] => ends.map((_, at) => (at === index ? 1 : 0));

import { durationStep } from '../durations.ts';
import { endIndex, type RecordRow } from './record-row.ts';
import { sumKey, Sums } from './sums.ts';

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
  /** kind, bucket: how many are in flight, by day of receipt and by minute of deadline. */
  readonly open: Sums;
  /** One key: seen and the four ends. */
  readonly counters: Sums;
}

/** No sums yet. */
export const emptySums = (): RecordSums => ({
  minutes: new Sums(5),
  periods: new Sums(9),
  durations: new Sums(1),
  latency: new Sums(1),
  groups: new Sums(7),
  open: new Sums(1),
  counters: new Sums(5),
});

/** What stands for a dimension that is not known. */
export const unknownDimension = { category: 'unclassified', severity: 'UNKNOWN', environment: 'unknown' };

/** Dimensions that hours and days are counted over. */
export const dimensions = ['category', 'severity', 'environment', 'fingerprint', 'repository'] as const;
/** One of the dimensions. */
export type Dimension = (typeof dimensions)[number];

/**
 * Adds what a change of one record changes in every sum. All sums are sums over records of what each contributes, which
 * is why they equal a recount: what a record contributed before goes, and what it contributes now comes.
 */
export function contributeChange(before: RecordRow | undefined, after: RecordRow, sums: RecordSums): void {
  if (before === undefined) addCounts(after, countsOf(after), sums);
  else if (sameKeys(before, after)) {
    const was = countsOf(before);
    const change = countsOf(after).map((count, index) => count - (was[index] ?? 0));
    if (change.some((count) => count !== 0)) addCounts(after, change, sums);
  } else {
    addCounts(
      before,
      countsOf(before).map((count) => -count),
      sums,
    );
    addCounts(after, countsOf(after), sums);
  }
  if (before?.endedAt !== after.endedAt || before.deadline !== after.deadline) {
    if (before !== undefined) addOpen(before, sums, -1);
    addOpen(after, sums, 1);
  }
  if (
    before === undefined ||
    before.state !== after.state ||
    before.endedAt !== after.endedAt ||
    before.firstActionAt !== after.firstActionAt
  ) {
    if (before !== undefined) addDurations(before, sums, -1);
    addDurations(after, sums, 1);
  }
}

/** One, the four ends, attempts, attempt ms, fixes, fixed: each sum takes as many of the first as it has columns. */
function countsOf(row: RecordRow): number[] {
  const end = endIndex(row.state);
  const counts = [1, 0, 0, 0, 0, row.attempts, row.attemptMs, row.fixProposed ? 1 : 0, 0];
  if (end >= 0) counts[1 + end] = 1;
  if (end === 0 && row.stage === 'fixer') counts[8] = 1;
  return counts;
}

const sameKeys = (a: RecordRow, b: RecordRow): boolean =>
  a.occurredAt === b.occurredAt &&
  a.category === b.category &&
  a.severity === b.severity &&
  a.environment === b.environment &&
  a.repository === b.repository &&
  a.fingerprint === b.fingerprint;

function addCounts(row: RecordRow, counts: readonly number[], sums: RecordSums): void {
  const category = row.category ?? unknownDimension.category;
  const severity = row.severity ?? unknownDimension.severity;
  const environment = row.environment ?? unknownDimension.environment;
  sums.counters.add('', counts);
  sums.minutes.add(sumKey(Math.floor(row.occurredAt / MINUTE_MS), category, severity, environment), counts);
  const hour = Math.floor(row.occurredAt / HOUR_MS);
  const day = Math.floor(row.occurredAt / DAY_MS);
  addPeriods('category', category, hour, day, counts, sums);
  addPeriods('severity', severity, hour, day, counts, sums);
  addPeriods('environment', environment, hour, day, counts, sums);
  if (row.repository !== null) addPeriods('repository', row.repository, hour, day, counts, sums);
  if (row.fingerprint === null) return;
  addPeriods('fingerprint', row.fingerprint, hour, day, counts, sums);
  sums.groups.add(row.fingerprint, counts);
}

/** Hour and day of one value; the keys are put together here, since this is done for every change of a record. */
function addPeriods(
  dimension: Dimension,
  value: string,
  hour: number,
  day: number,
  counts: readonly number[],
  sums: RecordSums,
): void {
  sums.periods.add(`${dimension}\u0000hour\u0000${hour}\u0000${value}`, counts);
  sums.periods.add(`${dimension}\u0000day\u0000${day}\u0000${value}`, counts);
}

function addOpen(row: RecordRow, sums: RecordSums, sign: 1 | -1): void {
  if (row.endedAt !== null) return;
  sums.open.add(sumKey('received', Math.floor(row.receivedAt / DAY_MS)), [sign]);
  sums.open.add(sumKey('deadline', Math.floor(row.deadline / MINUTE_MS)), [sign]);
}

function addDurations(row: RecordRow, sums: RecordSums, sign: 1 | -1): void {
  const one = [sign];
  const add = (kind: string, step: number): void => {
    sums.durations.add(sumKey('hour', Math.floor(row.receivedAt / HOUR_MS), kind, step), one);
    sums.durations.add(sumKey('day', Math.floor(row.receivedAt / DAY_MS), kind, step), one);
  };
  if (row.endedAt !== null) {
    const step = durationStep(row.endedAt - row.receivedAt);
    sums.latency.add(sumKey(step), one);
    add('end', step);
    if (row.state === 'resolved') add('resolution', step);
  }
  if (row.firstActionAt !== null) add('first-action', durationStep(row.firstActionAt - row.receivedAt));
}

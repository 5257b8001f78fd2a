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
  /** kind, bucket: how many are in flight, by day of receipt and by minute of deadline. */
  readonly open: Sums;
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
  open: new Sums(),
  counters: new Sums(),
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

/** One, the four ends, attempts, attempt ms, fixes, fixed. */
function countsOf(row: RecordRow): readonly number[] {
  const end = endIndex(row.state);
  const fixed = end === 0 && row.stage === 'fixer' ? 1 : 0;
  const states = ends.map((_, index) => (index === end ? 1 : 0));
  return [1, ...states, row.attempts, row.attemptMs, row.fixProposed ? 1 : 0, fixed];
}

const sameKeys = (a: RecordRow, b: RecordRow): boolean =>
  a.occurredAt === b.occurredAt &&
  a.category === b.category &&
  a.severity === b.severity &&
  a.environment === b.environment &&
  a.repository === b.repository &&
  a.fingerprint === b.fingerprint;

function addCounts(row: RecordRow, counts: readonly number[], sums: RecordSums): void {
  const states = counts.slice(0, 1 + ends.length);
  const category = row.category ?? unknownDimension.category;
  const severity = row.severity ?? unknownDimension.severity;
  const environment = row.environment ?? unknownDimension.environment;
  sums.counters.add([], states);
  sums.minutes.add([Math.floor(row.occurredAt / MINUTE_MS), category, severity, environment], states);
  const hour = Math.floor(row.occurredAt / HOUR_MS);
  const day = Math.floor(row.occurredAt / DAY_MS);
  const keys = { category, severity, environment, fingerprint: row.fingerprint, repository: row.repository };
  for (const dimension of dimensions) {
    const key = keys[dimension];
    if (key === null) continue;
    sums.periods.add([dimension, 'hour', hour, key], counts);
    sums.periods.add([dimension, 'day', day, key], counts);
  }
  if (row.fingerprint !== null) sums.groups.add([row.fingerprint], counts.slice(0, 3 + ends.length));
}

function addOpen(row: RecordRow, sums: RecordSums, sign: 1 | -1): void {
  if (row.endedAt !== null) return;
  sums.open.add(['received', Math.floor(row.receivedAt / DAY_MS)], [sign]);
  sums.open.add(['deadline', Math.floor(row.deadline / MINUTE_MS)], [sign]);
}

function addDurations(row: RecordRow, sums: RecordSums, sign: 1 | -1): void {
  const one = [sign];
  const add = (kind: string, step: number): void => {
    sums.durations.add(['hour', Math.floor(row.receivedAt / HOUR_MS), kind, step], one);
    sums.durations.add(['day', Math.floor(row.receivedAt / DAY_MS), kind, step], one);
  };
  if (row.endedAt !== null) {
    const step = durationStep(row.endedAt - row.receivedAt);
    sums.latency.add([step], one);
    add('end', step);
    if (row.state === 'resolved') add('resolution', step);
  }
  if (row.firstActionAt !== null) add('first-action', durationStep(row.firstActionAt - row.receivedAt));
}

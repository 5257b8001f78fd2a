import { binomialTail, poissonTail } from '../statistics.ts';

/** How one count changed from the first half of a period to the second. */
export interface Trend {
  readonly subject: string;
  readonly direction: 'rising' | 'falling' | 'steady';
  readonly before: number;
  readonly after: number;
  /** Chance of a change as large where nothing changed. */
  readonly p: number;
}

/** Chance below which a change is called one. */
const SIGNIFICANT = 0.01;

/**
 * Compares the halves of a period: given n errors in both, each falls into either half alike, so that the larger
 * count follows Binomial(n, 1/2). Exact for counts, and silent for few.
 */
export function trendOf(subject: string, before: number, after: number): Trend {
  const n = before + after;
  const larger = Math.max(before, after);
  const p = n === 0 ? 1 : Math.min(1, 2 * binomialTail(larger, n, 0.5));
  const direction = p >= SIGNIFICANT ? 'steady' : after > before ? 'rising' : 'falling';
  return { subject, direction, before, after, p };
}

/** A minute with more errors than its past explains. */
export interface Anomaly {
  /** Start of the minute, in milliseconds since the epoch. */
  readonly at: number;
  readonly count: number;
  readonly expected: number;
  readonly p: number;
}

const MINUTE_MS = 60_000;
/** Minutes before that say what is usual. */
const WINDOW = 60;
/** Minutes that must be known before anything is called unusual. */
const LEAST_KNOWN = 30;
/** About one false alarm in two years of minutes. */
const ALARM = 1e-6;

/**
 * Minutes whose count is beyond what the hour before explains: Poisson with the window's mean, widened to its
 * variance where counts vary more than Poisson does. An anomaly does not teach what is usual.
 */
export function anomaliesIn(
  countByMinute: ReadonlyMap<number, number>,
  first: number,
  last: number,
): readonly Anomaly[] {
  const anomalies: Anomaly[] = [];
  const window: number[] = [];
  for (let minute = first; minute <= last; minute += 1) {
    const count = countByMinute.get(minute) ?? 0;
    let usual = true;
    if (window.length >= LEAST_KNOWN) {
      const mean = window.reduce((sum, value) => sum + value, 0) / window.length;
      const variance = window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length;
      const expected = Math.max(mean, 1 / window.length); // nothing seen in n minutes: at most about 1/n
      const dispersion = Math.max(1, variance / expected);
      const p = poissonTail(Math.ceil(count / dispersion), expected / dispersion);
      if (count > expected && p < ALARM) {
        anomalies.push({ at: minute * MINUTE_MS, count, expected, p });
        usual = false;
      }
    }
    if (usual) window.push(count);
    if (window.length > WINDOW) window.shift();
  }
  return anomalies;
}

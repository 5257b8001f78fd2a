import { Fault } from '@faultline/stream';

const DAY_MS = 86_400_000;
/** Longest period of a report: ten years. */
const LONGEST_MS = 3_660 * DAY_MS;

/** A period, both ends in milliseconds since the epoch. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A moment as a caller may give it. */
export type Moment = Date | number | string;

/**
 * The period that a caller asks for; the last 24 hours where nothing is given. Throws INPUT_INVALID where a date is
 * none, the end comes before the start, or the period is longer than ten years.
 */
export function periodOf(
  options: { readonly startDate?: Moment; readonly endDate?: Moment },
  now: number,
): Period {
  const to = options.endDate === undefined ? now : momentOf('endDate', options.endDate);
  const from = options.startDate === undefined ? to - DAY_MS : momentOf('startDate', options.startDate);
  if (from > to) {
    throw new Fault('INPUT_INVALID', `startDate ${iso(from)} lies behind endDate ${iso(to)}`, {
      remedy: 'give the earlier date as startDate',
    });
  }
  if (to - from > LONGEST_MS) {
    throw new Fault('INPUT_INVALID', `the period from ${iso(from)} to ${iso(to)} is longer than ten years`, {
      remedy: 'ask for a shorter period',
    });
  }
  return { from, to };
}

function momentOf(name: string, moment: Moment): number {
  const time =
    moment instanceof Date ? moment.getTime() : typeof moment === 'string' ? Date.parse(moment) : moment;
  if (Number.isFinite(time) && Math.abs(time) <= 8.64e15) return time;
  throw new Fault('INPUT_INVALID', `${name} is no date: ${String(moment)}`, {
    remedy: 'give a Date, milliseconds since the epoch, or an ISO 8601 text',
  });
}

const iso = (ms: number): string => new Date(ms).toISOString();

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY_MS, w: 7 * DAY_MS };

/** Milliseconds of a range such as `30m`, `24h`, `7d` or `2w`; Infinity for `all`. Throws INPUT_INVALID. */
export function rangeMs(range: string): number {
  if (range === 'all') return Infinity;
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(range) ?? [];
  const ms = Number(count) * (units[unit ?? ''] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new Fault('INPUT_INVALID', `timeRange is no range: ${range}`, {
    remedy: 'give 30m, 24h, 7d, 2w or all',
  });
}

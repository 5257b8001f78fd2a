/** Grains that sums are kept in, with their length in milliseconds. */
export const grainMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
/** Grain of a series. */
export type Grain = keyof typeof grainMs;

/** A period in whole buckets of a grain: from the first to the last, both in it. */
export interface Window {
  readonly grain: Grain;
  readonly first: number;
  readonly last: number;
}

/** Longest periods that minutes and hours are read for: 6 hours and 14 days. */
const MINUTES_FOR_MS = 6 * grainMs.hour;
const HOURS_FOR_MS = 14 * grainMs.day;

/** The finest grain that gives a period at most some hundred buckets. */
export function grainFor(fromMs: number, toMs: number): Grain {
  const length = toMs - fromMs;
  if (length <= MINUTES_FOR_MS) return 'minute';
  return length <= HOURS_FOR_MS ? 'hour' : 'day';
}

/** The period in buckets. */
export function windowOf(fromMs: number, toMs: number, grain: Grain = grainFor(fromMs, toMs)): Window {
  return { grain, first: Math.floor(fromMs / grainMs[grain]), last: Math.floor(toMs / grainMs[grain]) };
}

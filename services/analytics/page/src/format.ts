/** A count, with thousands apart. */
export const count = (value: number): string => Math.round(value).toLocaleString('en-US');

/** A rate with the digits that say something. */
export const rate = (value: number): string =>
  value === 0 ? '0' : value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : count(value);

/** A share in per cent; a dash where nothing was measured. */
export const percent = (share: number | null): string =>
  share === null ? '–' : `${Math.round(share * 100)} %`;

/** A duration in the unit that suits it. */
export function duration(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${Math.round(ms / 86_400_000)} days`;
}

/** How long ago, or in how long. */
export function ago(at: number, now = Date.now()): string {
  const past = now - at;
  if (Math.abs(past) < 5_000) return 'now';
  return past > 0 ? `${duration(past)} ago` : `in ${duration(-past)}`;
}

/** A moment in the reader's zone, to the second. */
export const moment = (at: number): string =>
  new Date(at).toLocaleString(undefined, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });

/** A moment to the millisecond, for steps of one record. */
export const clock = (at: number): string => {
  const date = new Date(at);
  const two = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${two(date.getMilliseconds(), 3)}`;
};

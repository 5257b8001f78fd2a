/** A longer wish is cut to this: a record's deadline is shorter anyway. */
const LONGEST_MS = 7 * 86_400_000;

/**
 * Milliseconds of a Retry-After header: seconds, or an HTTP date (RFC 9110, 10.2.3). Null where it is absent
 * or neither; never negative.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text)
    ? Number(text) * 1_000
    : /^[A-Z][a-z]{2}/.test(text)
      ? Date.parse(text) - now
      : NaN;
  return Number.isNaN(ms) ? null : Math.min(LONGEST_MS, Math.max(0, ms));
}

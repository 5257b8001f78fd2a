import { z } from 'zod';
import { ApiError } from './api-error.ts';

const time = z
  .union([z.iso.datetime({ offset: true }), z.iso.date(), z.coerce.number().int().min(0).max(8.64e15)])
  .transform((value) => (typeof value === 'number' ? value : Date.parse(value)));
/** Longest text that a filter takes. */
const filter = z.string().min(1).max(500);
/** Longest period: ten years. */
const LONGEST_MS = 3_660 * 86_400_000;

/** A period in a query: ISO 8601 or milliseconds. */
export const periodQuery = z.object({
  from: time.optional().describe('Begin of the period, ISO 8601 or milliseconds since the epoch.'),
  to: time.optional().describe('End of the period, ISO 8601 or milliseconds since the epoch.'),
});

/** A page in a query. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items of a page.'),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('Items to pass over.'),
});

/** A filter by text. */
export const textFilter = filter.optional();

/** The period that is asked for, with a default length. Refuses reversed and overlong ones. */
export function periodFrom(
  query: { readonly from?: number | undefined; readonly to?: number | undefined },
  now: number,
  defaultMs: number,
): { readonly from: number; readonly to: number } {
  const to = query.to ?? now;
  const from = query.from ?? to - defaultMs;
  if (from > to)
    throw new ApiError(
      'INPUT_INVALID',
      'the period ends before it begins',
      'give the earlier time as from',
      'from',
    );
  if (to - from > LONGEST_MS) {
    throw new ApiError(
      'INPUT_INVALID',
      'the period is longer than ten years',
      'ask for a shorter one',
      'from',
    );
  }
  return { from, to };
}

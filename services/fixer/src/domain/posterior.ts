import type { FixTally } from './fix-rules.ts';

/** A rule's own confidence counts as this many outcomes. */
const PRIOR_STRENGTH = 4;
/** What fixes came to in the whole category counts for this share of what they came to for the cause itself. */
const CATEGORY_SHARE = 0.25;
/** Outcomes halve their weight in this time. */
const HALF_LIFE_MS = 90 * 86_400_000;
/** A fix that failed this often for a cause, and never worked, is a dead end. */
const DEAD_END_FAILURES = 2;

/** No outcome yet. */
export const noOutcomes: FixTally = { successes: 0, failures: 0, at: 0 };

/** A tally as it weighs now. */
export function decayed({ successes, failures, at }: FixTally, now: number): FixTally {
  const keep = at === 0 ? 1 : 0.5 ** (Math.max(0, now - at) / HALF_LIFE_MS);
  return { successes: successes * keep, failures: failures * keep, at: now };
}

/** What a fix came to. A reverted change mended nothing. */
export type FixResult = 'mended' | 'failed' | 'reverted';

/** Takes one outcome in. */
export function learnFix(tally: FixTally, result: FixResult, at: number): FixTally {
  const { successes, failures } = decayed(tally, Math.max(at, tally.at));
  const succeeded = result === 'mended';
  return {
    // A revert takes back the success that was counted before it.
    successes: result === 'reverted' ? Math.max(0, successes - 1) : successes + (succeeded ? 1 : 0),
    failures: failures + (succeeded ? 0 : 1),
    at: Math.max(at, tally.at),
  };
}

/**
 * Probability that a fix mends the cause: mean of the Beta posterior, with the rule's confidence as the prior
 * and the category's outcomes as a part of it.
 */
export function posterior(prior: number, category: FixTally, own: FixTally, now: number): number {
  const wide = decayed(category, now);
  const narrow = decayed(own, now);
  const alpha = prior * PRIOR_STRENGTH + CATEGORY_SHARE * wide.successes + narrow.successes;
  const beta = (1 - prior) * PRIOR_STRENGTH + CATEGORY_SHARE * wide.failures + narrow.failures;
  return alpha / (alpha + beta);
}

/** Failed before, and never worked: not proposed again for this cause, and told to whoever comes next. */
export const isDeadEnd = (own: FixTally, now: number): boolean => {
  const { successes, failures } = decayed(own, now);
  // Half: two failures of a half-life ago still count, so an old dead end is tried again after two of them.
  return successes < 0.5 && failures >= DEAD_END_FAILURES / 2 && own.failures >= DEAD_END_FAILURES;
};

import { factOf, type Facts } from './facts.ts';
import type { Matcher } from './policy.ts';

const severityRank: Readonly<Record<string, number>> = {
  UNKNOWN: 0,
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
};

/** Rank of a severity, from 0 for the unknown. */
export const rankOf = (severity: string): number => severityRank[severity] ?? 0;

/**
 * Whether text matches a pattern in which `*` stands for any run of characters. The pattern is split at its
 * stars and the parts are found from left to right, so that no pattern can take longer than the product of
 * the two lengths.
 */
export function globMatches(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;
  const last = parts[parts.length - 1] ?? '';
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

const holds: Readonly<Record<Matcher['op'], (value: string, values: readonly string[]) => boolean>> = {
  is: (value, values) => values.some((pattern) => globMatches(pattern, value)),
  'is-not': (value, values) => !values.some((pattern) => globMatches(pattern, value)),
  'at-least': (value, values) => values.some((least) => rankOf(value) >= rankOf(least)),
};

/** Whether all conditions hold; none always do. */
export const matchesAll = (matchers: readonly Matcher[], facts: Facts): boolean =>
  matchers.every(({ field, op, values }) => holds[op](factOf(facts, field), values));

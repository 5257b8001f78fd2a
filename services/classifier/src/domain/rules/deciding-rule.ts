import { cleanLine } from '../text/clean-line.ts';
import { splitLines } from '../text/split-lines.ts';
import type { RuleSet } from './rule-set.ts';

/** The rule that decides a text alone: the first specific one that matches, else the first general, else wrapper. */
export function decidingRule(
  rules: RuleSet,
  text: string,
  exitCode: number | null = null,
): string | undefined {
  const hits = rules.match(
    splitLines(text).map((line) => cleanLine(line)),
    exitCode,
  );
  const best =
    hits.find(({ rule }) => rule.strength === 'specific') ??
    hits.find(({ rule }) => rule.strength === 'general') ??
    hits[0];
  return best?.rule.id;
}

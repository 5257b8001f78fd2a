import type { LineRange } from '@faultline/schemas';
import { cues } from './cues.ts';
import type { RuleStrength } from './line-features.ts';
import type { PreparedLog } from './prepared-log.ts';

/** How far around a line that says something its neighbours are looked at. */
const REACH = 25;
/** How many lines are looked at closely, at most: this bounds the work whatever the log. */
export const MAX_CANDIDATES = 2000;
/** How many lines before the exit line are always looked at. */
const BEFORE_EXIT = 120;

const telling = (['error', 'fail', 'exception', 'crash', 'negative'] as const).map((cue) =>
  cues.indexOf(cue),
);

/**
 * Ranges of lines that are worth a close look: around rule matches and words of failure, from the end of the log
 * backwards, and what stands before the exit line. At most MAX_CANDIDATES lines, in the order of the log.
 */
export function candidateRanges(log: PreparedLog, strength: RuleStrength): readonly LineRange[] {
  const total = log.clean.length;
  if (total <= MAX_CANDIDATES) return total === 0 ? [] : [{ first: 0, last: total - 1 }];
  const wanted = new Uint8Array(total);
  let left = MAX_CANDIDATES;
  const take = (centre: number, before: number, after: number): void => {
    for (
      let line = Math.max(0, centre - before);
      line <= Math.min(total - 1, centre + after) && left > 0;
      line += 1
    ) {
      if (wanted[line] === 0) {
        wanted[line] = 1;
        left -= 1;
      }
    }
  };
  take(Math.min(log.exit, total - 1), BEFORE_EXIT, 10);
  // Strong evidence first, from the end; then whatever says something; rare lines before frequent ones.
  for (let line = total - 1; line >= 0 && left > 0; line -= 1) {
    if ((strength[line] as number) === 3 && (log.frequency[line] as number) <= 20) take(line, REACH, REACH);
  }
  for (const limit of [2, 20]) {
    for (let line = total - 1; line >= 0 && left > 0; line -= 1) {
      if (wanted[line] === 1 || (log.frequency[line] as number) > limit) continue;
      if (telling.some((cue) => (log.counts[line * cues.length + cue] as number) > 0))
        take(line, REACH, REACH);
    }
  }
  return rangesOf(wanted);
}

function rangesOf(wanted: Uint8Array): readonly LineRange[] {
  const ranges: LineRange[] = [];
  let first = -1;
  for (let line = 0; line <= wanted.length; line += 1) {
    if (line < wanted.length && wanted[line] === 1) {
      if (first < 0) first = line;
    } else if (first >= 0) {
      ranges.push({ first, last: line - 1 });
      first = -1;
    }
  }
  return ranges;
}

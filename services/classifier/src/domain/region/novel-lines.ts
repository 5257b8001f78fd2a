import { cues } from './cues.ts';
import type { RuleStrength } from './line-features.ts';
import type { PreparedLog } from './prepared-log.ts';

/** What changes between two runs that went the same way: numbers, hashes, units, temporary names. */
const volatile =
  /\b[0-9a-f]{7,64}\b|\d{1,30}(?:[.,:]\d{1,30}){0,8}|\b(?:ms|s|secs?|seconds?|min|[KMGk]?i?B)(?:\/s)?\b/g;
const temporary = /jenkins#\.\w{1,8}|tmp\.\w{1,20}|\s+/g;

/** Lines that no failure is told by: progress, downloads, banners, the farewell of a CI system. */
const idle =
  /^(?:\[?(?:INFO|DEBUG|NOTE|TRACE|info|debug|notice)\b|\[(?:WARN|WARNING)\]|Finished: |[-=_*#]{4,}$|Download(?:ing|ed)\b|Progress\b|Collecting |Using cached|Installing |Receiving |Resolving |Unpacking |Selecting |Preparing to|Setting up |Get:\d|Commit message: |HEAD is now at|Tests run: \d{1,7}, Failures: 0, Errors: 0|\d{1,3} +\d{1,9}[kMG]? +\d{1,3} |\+ \S|\$ \S|> (?:git|\S{1,40}@)|Sending e-mails|Archiving |\[command\]|##\[(?:group|endgroup|command)\])/;
const frame = /^(?:at |from |File "|\.\.\. \d)/;
const telling = (['error', 'fail', 'exception', 'crash', 'negative'] as const).map((cue) =>
  cues.indexOf(cue),
);

/** Longest gap between two lines that is filled where only blank lines, frames or words of failure stand in it. */
const MAX_GAP = 60;

const keyOf = (line: string): string => line.replace(volatile, '#').replace(temporary, ' ').trim();

/** Keys of the lines that a passing run prints. */
export function passingKeys(log: PreparedLog): ReadonlySet<string> {
  return new Set(log.clean.map(keyOf));
}

/**
 * Lines of a failed run that explain it, given a run that passed: what the passing run does not print, from the
 * first line on that says something of a failure, without the idle ones, and what stands in the gaps.
 */
export function novelLines(
  log: PreparedLog,
  strength: RuleStrength,
  passing: ReadonlySet<string>,
): readonly number[] {
  const tells = (line: number): boolean =>
    (strength[line] as number) > 0 ||
    telling.some((cue) => (log.counts[line * cues.length + cue] as number) > 0);
  const chosen: number[] = [];
  let begun = false;
  for (let line = 0; line < log.clean.length; line += 1) {
    const text = log.clean[line] as string;
    if (text === '' || passing.has(keyOf(text))) continue;
    begun ||= tells(line);
    if (begun && !idle.test(text)) chosen.push(line);
  }
  return chosen.flatMap((line, index) => {
    const next = chosen[index + 1] ?? line;
    if (next - line < 2 || next - line > MAX_GAP) return [line];
    const gap = Array.from({ length: next - line - 1 }, (_, step) => line + 1 + step);
    const belongs = gap.every((between) => {
      const text = log.clean[between] as string;
      return text === '' || frame.test(text) || tells(between);
    });
    return belongs ? [line, ...gap] : [line];
  });
}

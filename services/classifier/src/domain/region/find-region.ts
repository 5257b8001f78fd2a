import type { ChainLink, LineRange } from '@faultline/schemas';
import type { RuleSet } from '../rules/rule-set.ts';
import { candidateRanges } from './candidate-lines.ts';
import { featureNames, lineFeatures, type RuleStrength } from './line-features.ts';
import { lineModel } from './line-model.generated.ts';
import { novelLines, passingKeys } from './novel-lines.ts';
import { prepareLog, type PreparedLog } from './prepared-log.ts';
import { TreeScorer } from './trees.ts';

/** The lines of a log that explain the failure. */
export interface Region {
  readonly log: PreparedLog;
  readonly ranges: readonly LineRange[];
  /** The same lines one by one, the one that states the cause first, then in the order of the log. */
  readonly lines: readonly number[];
  readonly cause: ChainLink | null;
  /** How likely that line belongs to what explains the failure, 0 to 1. */
  readonly causeScore: number;
  readonly symptom: ChainLink | null;
  readonly exit: ChainLink | null;
  /** How strongly rules speak of each line. */
  readonly strength: RuleStrength;
}

/** What a region is found with. */
export interface RegionOptions {
  readonly rules: RuleSet;
  /** Log of a run of the same job that passed: what it prints too explains nothing. */
  readonly passingLog?: string;
  /** Another scorer of lines than the one that ships: what training compares. */
  readonly scorer?: TreeScorer;
}

const shipped = new TreeScorer(lineModel);

/** Longest region without a passing log, in lines. */
const MAX_REGION = 150;
/** How far from the strongest line a region may begin. */
const REACH = 60;
/** Share of the mass around the strongest line that is expected to belong to the region, and its least size. */
const MASS = 0.6;
const LEAST = 2;

/** Finds what explains the failure in a log. Linear in the log, with bounded work beside the one pass. */
export function findRegion(text: string, { rules, passingLog, scorer }: RegionOptions): Region {
  const log = prepareLog(text);
  const strength = rules.strengths(log.clean);
  const scores = scoreLines(log, strength, scorer ?? shipped);
  const chosen =
    passingLog === undefined
      ? around(log, scores)
      : novelLines(log, strength, passingKeys(prepareLog(passingLog)));
  const cause = strongest(log, chosen, scores, strength);
  const lines = cause === undefined ? chosen : [cause, ...chosen.filter((line) => line !== cause)];
  return {
    log,
    strength,
    lines,
    ranges: rangesOf(chosen),
    cause: linkOf(log, cause),
    causeScore: cause === undefined ? 0 : (scores[cause] as number),
    symptom: linkOf(log, symptomOf(log, strength, cause)),
    exit: linkOf(log, log.exit < log.clean.length ? log.exit : undefined),
  };
}

/** How likely each line belongs to what explains the failure; what was not looked at closely is at 0. */
export function scoreLines(log: PreparedLog, strength: RuleStrength, scorer: TreeScorer): Float32Array {
  const scores = new Float32Array(log.clean.length);
  for (const { first, last } of candidateRanges(log, strength)) {
    const rows = lineFeatures({ log, strength }, first, last);
    for (let line = first; line <= last; line += 1) {
      if (log.clean[line] !== '') scores[line] = scorer.score(rows, (line - first) * featureNames.length);
    }
  }
  return scores;
}

/**
 * The run of lines around the strongest one whose expected F1 is best: the sum of their scores against their
 * number and the mass that the region is expected to have.
 */
function around(log: PreparedLog, scores: Float32Array): readonly number[] {
  let peak = -1;
  let peakScore = 0;
  for (let line = 0; line < scores.length; line += 1) {
    const score = scores[line] as number;
    if (score > peakScore) {
      peak = line;
      peakScore = score;
    }
  }
  if (peak < 0) return [];
  let mass = LEAST;
  for (let line = Math.max(0, peak - 40); line < Math.min(scores.length, peak + 40); line += 1) {
    mass += MASS * (scores[line] as number);
  }
  let best = -1;
  let bestFirst = peak;
  let bestLast = peak;
  for (let first = Math.max(0, peak - REACH); first <= peak; first += 1) {
    let sum = 0;
    let count = 0;
    for (let last = first; last < Math.min(scores.length, first + MAX_REGION); last += 1) {
      if (log.clean[last] !== '') {
        sum += scores[last] as number;
        count += 1;
      }
      if (last >= peak && sum / (count + mass) > best) {
        best = sum / (count + mass);
        bestFirst = first;
        bestLast = last;
      }
    }
  }
  return Array.from({ length: bestLast - bestFirst + 1 }, (_, step) => bestFirst + step).filter(
    (line) => log.clean[line] !== '',
  );
}

/** What the rules that speak of a line are worth beside its score. */
const ruleWorth = [0, -0.2, 0.05, 0.1] as const;
/** What it is worth that the CI system or the program itself calls a line an error. */
const CALLED_ERROR = 0.2;
/** What it costs that a line only echoes a command or an input. */
const ECHO = -0.4;
const calledError =
  /^(?:##\[error\](?!Process completed)|(?:[\w.]{0,80}\.)?[A-Z]\w{0,60}(?:Error|Exception): |(?:error|fatal|ERROR|FATAL): )/;
const echo = /^(?:[+$>] \S|##\[(?:group|endgroup|command)\]|\[command\]|with:$|env:$|shell: )/;

function worthOf(log: PreparedLog, strength: RuleStrength, line: number): number {
  const text = log.clean[line] as string;
  const called = calledError.test(text) ? CALLED_ERROR : echo.test(text) ? ECHO : 0;
  return (ruleWorth[strength[line] as 0 | 1 | 2 | 3] ?? 0) + called;
}

/** The line that states the cause; of equal ones the last. */
function strongest(
  log: PreparedLog,
  lines: readonly number[],
  scores: Float32Array,
  strength: RuleStrength,
): number | undefined {
  let best: number | undefined;
  let bestWorth = -Infinity;
  for (const line of lines) {
    const worth = (scores[line] as number) + worthOf(log, strength, line);
    if (worth >= bestWorth) {
      best = line;
      bestWorth = worth;
    }
  }
  return best;
}

/** The first wrapper behind the cause: what its failure led to. */
function symptomOf(log: PreparedLog, strength: RuleStrength, cause: number | undefined): number | undefined {
  if (cause === undefined) return undefined;
  for (let line = cause + 1; line < Math.min(log.exit, log.clean.length); line += 1) {
    if (strength[line] === 1) return line;
  }
  return undefined;
}

const linkOf = (log: PreparedLog, line: number | undefined): ChainLink | null =>
  line === undefined ? null : { line, text: log.clean[line] as string };

function rangesOf(lines: readonly number[]): readonly LineRange[] {
  const ranges: { first: number; last: number }[] = [];
  for (const line of lines) {
    const open = ranges.at(-1);
    if (open !== undefined && line <= open.last + 2) open.last = line;
    else ranges.push({ first: line, last: line });
  }
  return ranges;
}

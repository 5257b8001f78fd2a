import type { FixProposal } from '@faultline/schemas';
import type { FixRules, FixTally, LearnedFix } from '../domain/fix-rules.ts';
import { isDeadEnd, learnFix, noOutcomes, type FixResult } from '../domain/posterior.ts';
import { outcomeKey } from '../domain/propose-fixes.ts';

/** What a generator has learned: plain data, safe to store. */
export interface FixLearning {
  readonly outcomes: FixRules['outcomes'];
  readonly learned: readonly LearnedFix[];
}

/** Nothing learned yet. */
export const nothingLearned: FixLearning = { outcomes: {}, learned: [] };

/** Groups whose outcomes are kept, and fixes that are remembered; the oldest are forgotten first. */
const MAX_GROUPS = 10_000;
const MAX_LEARNED = 10_000;

/** One fix and what it came to. */
export interface FixOutcome {
  readonly fingerprint: string;
  readonly category: string;
  readonly proposal: FixProposal;
  readonly result: FixResult;
  readonly at: number;
}

const lastOf = <Value>(
  table: Readonly<Record<string, Value>>,
  count: number,
): Readonly<Record<string, Value>> => {
  const entries = Object.entries(table);
  return entries.length <= count ? table : Object.fromEntries(entries.slice(-count));
};

/** Takes one outcome in, for the cause and for its category; a fix that mended and is no rule's is remembered. */
export function learnOutcome(learning: FixLearning, outcome: FixOutcome): FixLearning {
  const { fingerprint, category, proposal, result, at } = outcome;
  const key = outcomeKey(proposal);
  let outcomes = learning.outcomes;
  for (const group of new Set([category, fingerprint])) {
    const { [group]: own = {}, ...others } = outcomes;
    outcomes = { ...others, [group]: { ...own, [key]: learnFix(own[key] ?? noOutcomes, result, at) } };
  }
  const { kind, title, body, files, risk, validation } = proposal;
  const others = learning.learned.filter(
    (fix) => fix.fingerprint !== fingerprint || fix.proposal.body !== body,
  );
  const remembered =
    proposal.ruleId === null && result === 'mended'
      ? [...others, { fingerprint, proposal: { kind, title, body, files, risk, validation } }]
      : result === 'mended'
        ? learning.learned
        : others;
  return { outcomes: lastOf(outcomes, MAX_GROUPS), learned: remembered.slice(-MAX_LEARNED) };
}

/** Names of the fixes that are dead ends for a cause, for whoever tries next. */
export function deadEndsOf({ outcomes }: FixLearning, fingerprint: string, now: number): readonly string[] {
  const own: Readonly<Record<string, FixTally>> = Object.hasOwn(outcomes, fingerprint)
    ? (outcomes[fingerprint] ?? {})
    : {};
  return Object.entries(own)
    .filter(([, tally]) => isDeadEnd(tally, now))
    .map(([key]) => key);
}

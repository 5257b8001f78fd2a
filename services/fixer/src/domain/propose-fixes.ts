import type { ErrorRecord, FixProposal, FixState } from '@faultline/schemas';
import type { FixRules, FixTally, LearnedFix } from './fix-rules.ts';
import { isAllowedPath } from './allowed-path.ts';
import { linesOf } from './lines.ts';
import { matchRule, proposalId } from './match-rule.ts';
import { isDeadEnd, noOutcomes, posterior } from './posterior.ts';

/** A learned fix mended this very cause at least once: what it is worth before its outcomes are counted. */
const LEARNED_PRIOR = 0.6;

/** Under which name the outcomes of a proposal are counted. */
export const outcomeKey = ({ ruleId, id }: Pick<FixProposal, 'ruleId' | 'id'>): string => ruleId ?? id;

const tallyOf = (rules: FixRules, group: string, key: string): FixTally =>
  Object.hasOwn(rules.outcomes, group) ? (rules.outcomes[group]?.[key] ?? noOutcomes) : noOutcomes;

function withLearning(proposal: FixProposal, record: ErrorRecord, rules: FixRules, now: number): FixProposal {
  const { classification } = record;
  if (classification === null) return proposal;
  const key = outcomeKey(proposal);
  const wide = tallyOf(rules, classification.category, key);
  const own = tallyOf(rules, classification.fingerprint.id, key);
  return { ...proposal, confidence: posterior(proposal.confidence, wide, own, now) };
}

function fromLearned({ proposal }: LearnedFix): FixProposal {
  return {
    ...proposal,
    id: proposalId(proposal.kind, proposal.body),
    tier: 'pattern',
    ruleId: null,
    confidence: LEARNED_PRIOR,
    evidence: ['it mended the same cause before'],
    verification: 'none',
  };
}

/** A fix that was tried in an earlier round of this record and did not work. */
function failedBefore({ fix }: ErrorRecord): ReadonlySet<string> {
  const failed = (fix?.proposals ?? []).filter(({ verification }) => verification === 'failed');
  return new Set(failed.map(({ id }) => id));
}

/** What one tier has to say. */
interface TierAnswer {
  readonly proposals: readonly FixProposal[];
  /** Proposals that were left out, and why. */
  readonly leftOut: readonly string[];
}

function judge(
  candidates: readonly FixProposal[],
  record: ErrorRecord,
  rules: FixRules,
  now: number,
): TierAnswer {
  const failed = failedBefore(record);
  const fingerprint = record.classification?.fingerprint.id;
  const leftOut: string[] = [];
  const proposals: FixProposal[] = [];
  for (const candidate of candidates) {
    const proposal = withLearning(candidate, record, rules, now);
    const name = outcomeKey(proposal);
    const own = fingerprint === undefined ? noOutcomes : tallyOf(rules, fingerprint, name);
    if (failed.has(proposal.id)) leftOut.push(`${name} was tried on this record and failed`);
    else if (isDeadEnd(own, now)) leftOut.push(`${name} is a dead end for this cause`);
    else if (proposal.confidence < rules.thresholds.propose) {
      leftOut.push(`${name} is below the threshold, with ${proposal.confidence.toFixed(2)}`);
    } else if (!proposals.some(({ id }) => id === proposal.id)) proposals.push(proposal);
  }
  proposals.sort((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  return { proposals: proposals.slice(0, rules.maxProposals), leftOut };
}

/** Fixes that the rules, or else what was learned, propose for a record: nothing is applied. */
export function proposeFixes(record: ErrorRecord, rules: FixRules, now: number): FixState {
  const lines = linesOf(record);
  const all = lines
    .map(({ text }) => text)
    .join('\n')
    .toLowerCase();
  const matched = rules.rules
    .filter(({ when }) => all.includes(when.needle))
    .map((rule) => matchRule(rule, record, lines, rules.allowedPaths))
    .filter((proposal) => proposal !== undefined);
  const byRule = judge(matched, record, rules, now);
  if (byRule.proposals.length > 0) return proposed(byRule, rules);
  const fingerprint = record.classification?.fingerprint.id;
  const learned = rules.learned
    .filter((fix) => fix.fingerprint === fingerprint)
    .filter(({ proposal }) => proposal.files.every((file) => isAllowedPath(file, rules.allowedPaths)))
    .map(fromLearned);
  const byPattern = judge(learned, record, rules, now);
  const answer = { proposals: byPattern.proposals, leftOut: [...byRule.leftOut, ...byPattern.leftOut] };
  return answer.proposals.length > 0 ? proposed(answer, rules) : declined(answer);
}

const alsoLeftOut = (leftOut: readonly string[]): string =>
  leftOut.length > 0 ? `; ${leftOut.join('; ')}` : '';

function proposed({ proposals, leftOut }: TierAnswer, { thresholds }: FixRules): FixState {
  const [best] = proposals;
  const sure = (best?.confidence ?? 0) >= thresholds.apply;
  const apply = sure ? 'sure enough to be applied once verified' : 'to be looked at before it is applied';
  const reason = `${best?.title ?? ''}: ${(best?.confidence ?? 0).toFixed(2)}, ${apply}${alsoLeftOut(leftOut)}`;
  return { proposals, chosen: null, decision: 'proposed', reason };
}

function declined({ leftOut }: TierAnswer): FixState {
  const reason = `neither a rule nor anything learned has a fix${alsoLeftOut(leftOut)}`;
  return { proposals: [], chosen: null, decision: 'declined', reason };
}

import type { EscalationLevel, ErrorRecord, FixProposal, FixProposalKind } from '@faultline/schemas';
import type { EscalationPolicy, RouteSettings } from './policy.ts';

/** The level that a record is put on, and why. */
export interface Rung {
  readonly level: EscalationLevel;
  readonly why: string;
}

const NO_SIDE_EFFECTS: ReadonlySet<string> = new Set(['none', '']);

/** A ladder is climbed: no automated level is tried twice, and none below one that was tried. */
function triedBefore(record: ErrorRecord, level: 'automated-retry' | 'automated-fix'): boolean {
  const last = record.escalation?.level;
  return last === 'automated-fix' || (last === 'automated-retry' && level === 'automated-retry');
}

function whyRetry(record: ErrorRecord, policy: EscalationPolicy): string | undefined {
  const { retry, classification, event } = record;
  if (classification === null || event.rerun === null || retry === null) return undefined;
  if (triedBefore(record, 'automated-retry')) return undefined;
  if (!policy.rounds.retryClasses.includes(classification.retryClass)) return undefined;
  if (retry.decision !== 'exhausted' && retry.decision !== 'gave-up') return undefined;
  const harmless = event.rerun.sideEffects.every((effect) => NO_SIDE_EFFECTS.has(effect));
  if (!event.rerun.idempotent && !harmless) return undefined;
  const last = retry.attempts[retry.attempts.length - 1];
  if (last === undefined || last.outcome === 'refused') return undefined;
  if (last.outcome === 'unknown' && !event.rerun.idempotent) return undefined;
  return `${retry.attempts.length} runs failed, ${classification.retryClass} failures pass with time: again with longer waits`;
}

/** What each kind of proposal needs before it is applied without a person. */
const applicable: Readonly<Record<FixProposalKind, (proposal: FixProposal, record: ErrorRecord) => boolean>> =
  {
    patch: ({ verification }) => verification === 'passed',
    command: ({ verification }) => verification === 'passed',
    configuration: ({ verification }) => verification === 'passed',
    rerun: ({ verification }, { event }) => verification !== 'failed' && event.rerun !== null,
  };

function whyFix(record: ErrorRecord, policy: EscalationPolicy): string | undefined {
  const { fix } = record;
  if (fix === null || fix.decision !== 'proposed' || triedBefore(record, 'automated-fix')) return undefined;
  const { fixConfidence, fixRisks } = policy.rounds;
  const found = fix.proposals.find(
    (proposal) =>
      proposal.id !== fix.chosen &&
      proposal.confidence >= fixConfidence &&
      fixRisks.includes(proposal.risk) &&
      applicable[proposal.kind](proposal, record),
  );
  return found === undefined
    ? undefined
    : `the proposed ${found.kind} has a confidence of ${found.confidence.toFixed(2)} of ${fixConfidence} required: apply it`;
}

const whyRouted: Readonly<Record<RouteSettings['level'], string>> = {
  codegen: 'no automated level can end it, and an agent may be able to mend it',
  human: 'no automated level can end it',
  shutdown: 'a shutdown is proposed; it takes a second key, so people are paged and nothing is stopped',
};

/**
 * The level of the ladder: retry again with an enhanced strategy, apply a fix, then what the route asks for.
 * The automated ones only where they can help, at most `rounds.max` times in total.
 */
export function rungOf(
  record: ErrorRecord,
  policy: EscalationPolicy,
  settings: RouteSettings,
  now: number,
): Rung {
  const timeLeft = record.deadline - now >= policy.rounds.minRemainingMs;
  if (settings.allowRounds && timeLeft && record.round < policy.rounds.max) {
    const retry = whyRetry(record, policy);
    if (retry !== undefined) return { level: 'automated-retry', why: retry };
    const fix = whyFix(record, policy);
    if (fix !== undefined) return { level: 'automated-fix', why: fix };
  }
  return { level: settings.level, why: whyRouted[settings.level] };
}

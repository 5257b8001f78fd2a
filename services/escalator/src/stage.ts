import type { ErrorRecord } from '@faultline/schemas';
import type { Emit, Stage } from '@faultline/stream';
import { defaultPolicy } from './domain/default-policy.ts';
import { escalate } from './domain/escalate.ts';
import { parsePolicy } from './domain/parse-policy.ts';
import type { EscalationPolicy } from './domain/policy.ts';

/** Knowledge that the escalator decides by. */
export type EscalatorKnowledge = { readonly 'escalation-policy': EscalationPolicy };

/** What the stage can be given. */
export interface EscalatorDeps {
  /** Policy that stands until the store has one. */
  readonly policy?: EscalationPolicy;
}

/**
 * The escalator: errors.unresolved to errors.escalated, and back to errors.classified or errors.fixable for
 * another round. Each record that does not go back ends on errors.escalated, at once and once.
 */
export function createEscalatorStage(deps: EscalatorDeps = {}): Stage<EscalatorKnowledge> {
  return {
    name: 'escalator',
    knowledge: { 'escalation-policy': { baseline: deps.policy ?? defaultPolicy, parse: parsePolicy } },
    plan: () => [],
    decide: (record, _answers, knowledge, now) => [move(record, knowledge['escalation-policy'], now)],
  };
}

function move(record: ErrorRecord, policy: { version: string; body: EscalationPolicy }, now: number): Emit {
  const escalation = escalate(record, policy, now);
  const why = escalation.reason;
  switch (escalation.level) {
    case 'automated-retry':
      return {
        kind: 'emit',
        to: 'errors.classified',
        record: { ...record, escalation, retry: null, round: record.round + 1 },
        reason: 'another-round',
        why,
      };
    case 'automated-fix':
      return {
        kind: 'emit',
        to: 'errors.fixable',
        record: { ...record, escalation, round: record.round + 1 },
        reason: 'another-round',
        why,
      };
    case 'codegen':
    case 'human':
    case 'shutdown':
      return {
        kind: 'emit',
        to: 'errors.escalated',
        record: { ...record, escalation },
        reason: 'escalated',
        why,
      };
  }
}

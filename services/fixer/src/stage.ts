import type { Stage } from '@faultline/stream';
import { baselineFixRules } from './domain/baseline-fix-rules.ts';
import type { FixRules } from './domain/fix-rules.ts';
import { proposeFixes } from './domain/propose-fixes.ts';
import { parseFixRules } from './parse-fix-rules.ts';

/** Kinds of knowledge that the fixer decides with. */
// An alias: an interface would lack the index signature that KnowledgeBodies asks for.
export type FixerKnowledge = { readonly 'fix-rules': FixRules };

/** What the fixer is built with. */
export interface FixerDeps {
  /** Whether fixes are proposed at all; without it each record goes on, declined. */
  readonly enabled: boolean;
}

/**
 * The fixer: puts proposals for fixes on a record and sends it on to errors.unresolved. It applies nothing:
 * a proposal is verified and applied, or not, by whoever takes it up.
 */
export function createFixerStage(deps: FixerDeps): Stage<FixerKnowledge> {
  return {
    name: 'fixer',
    knowledge: { 'fix-rules': { baseline: baselineFixRules, parse: parseFixRules } },
    plan: () => [],
    decide(record, _answers, knowledge, now) {
      const fix = deps.enabled
        ? proposeFixes(record, knowledge['fix-rules'].body, now)
        : ({ proposals: [], chosen: null, decision: 'declined', reason: 'fixing is switched off' } as const);
      const reason = fix.decision === 'proposed' ? 'proposed' : 'declined';
      return [{ kind: 'emit', to: 'errors.unresolved', record: { ...record, fix }, reason, why: fix.reason }];
    },
  };
}

import type { KnowledgeSpecs } from '@faultline/stream';
import { baselinePack } from './rules/pack.generated.ts';
import { parseRulePack } from './rules/parse-rule-pack.ts';
import type { RulePack } from './rules/rule.ts';

/** What the classifier knows, by kind. */
export type ClassifierBodies = {
  readonly rules: RulePack;
};

/** How each kind is checked, and what ships. */
export const classifierKnowledge: KnowledgeSpecs<ClassifierBodies> = {
  rules: { baseline: baselinePack, parse: parseRulePack },
};

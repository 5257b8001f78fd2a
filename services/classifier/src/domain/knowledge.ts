import type { KnowledgeSpecs } from '@faultline/stream';
import type { Merges } from './merges.ts';
import { baselineModel } from './model/base-model.generated.ts';
import type { ModelBody } from './model/linear-model.ts';
import { parseMerges, parseModel, parsePatterns } from './parse-knowledge.ts';
import type { LearnedPatterns } from './patterns/learned-pattern.ts';
import { baselinePack } from './rules/pack.generated.ts';
import { parseRulePack } from './rules/parse-rule-pack.ts';
import type { RulePack } from './rules/rule.ts';

/** What the classifier knows, by kind. */
export type ClassifierBodies = {
  readonly rules: RulePack;
  readonly patterns: LearnedPatterns;
  readonly model: ModelBody;
  readonly merges: Merges;
};

/** How each kind is checked, and what ships. */
export const classifierKnowledge: KnowledgeSpecs<ClassifierBodies> = {
  rules: { baseline: baselinePack, parse: parseRulePack },
  patterns: { baseline: { format: 1, patterns: [] }, parse: parsePatterns },
  model: { baseline: baselineModel, parse: parseModel },
  merges: { baseline: { format: 1, groups: {} }, parse: parseMerges },
};

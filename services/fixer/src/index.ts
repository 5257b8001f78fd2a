export { createFixerStage, type FixerDeps, type FixerKnowledge } from './stage.ts';
export { baselineFixRules } from './domain/baseline-fix-rules.ts';
export type { FixRules, FixTally, FixThresholds, LearnedFix } from './domain/fix-rules.ts';
export type { FixCondition, FixRule, FixTemplate, ShapeName } from './domain/fix-rule.ts';
export { parseFixRules } from './parse-fix-rules.ts';

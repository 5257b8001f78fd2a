export { createFixerStage, type FixerDeps, type FixerKnowledge } from './stage.ts';
export { baselineFixRules } from './domain/baseline-fix-rules.ts';
export type { FixRules, FixTally, FixThresholds, LearnedFix } from './domain/fix-rules.ts';
export type { FixCondition, FixRule, FixTemplate, ShapeName } from './domain/fix-rule.ts';
export { parseFixRules } from './parse-fix-rules.ts';
export { fixerConfigSchema, type FixerConfig } from './config.ts';
export type { FixResult } from './domain/posterior.ts';
export {
  AutomatedFixGenerator,
  type AutomatedFixGeneratorOptions,
  type FixStatistics,
  type GeneratedFix,
} from './fix-generator/automated-fix-generator.ts';
export type { CodegenAnswer, CodegenClient, CodegenRequest } from './fix-generator/codegen-client.ts';
export type { ErrorInfo, FixContext } from './fix-generator/error-info.ts';
export type { FixLearning } from './fix-generator/fix-memory.ts';

import type { RuleSet } from './rules/rule-set.ts';
import type { LinearModel } from './model/linear-model.ts';
import type { PatternSet } from './patterns/pattern-set.ts';

/** What a classification is decided with. */
export interface ClassifyWith {
  readonly rules: RuleSet;
  readonly patterns: PatternSet;
  /** Undefined where the model may not decide. */
  readonly model: LinearModel | undefined;
  /** Below this confidence the answer is unknown. */
  readonly confidenceThreshold: number;
  /** Group of a fingerprint after merges and splits. */
  readonly groupOf: (fingerprint: string) => string;
}

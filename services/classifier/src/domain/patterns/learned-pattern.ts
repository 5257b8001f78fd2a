import type { ClassificationRetryClass } from '@faultline/schemas';

/** A pattern mined from confirmed outcomes: lines that read the same once masked were this kind of failure. */
export interface LearnedPattern {
  readonly id: string;
  /** The line, masked as fingerprints mask it. */
  readonly template: string;
  readonly category: string;
  readonly retryClass?: ClassificationRetryClass;
  readonly remedy?: string;
  /** Confirmed outcomes behind it. */
  readonly support: number;
  /** Share of them that agree, drawn towards a half while there are few (Laplace). */
  readonly confidence: number;
}

/** All learned patterns: the body of a snapshot. */
export interface LearnedPatterns {
  readonly format: 1;
  readonly patterns: readonly LearnedPattern[];
}

import type { FixProposal } from '@faultline/schemas';
import type { FixRule } from './fix-rule.ts';

/** How often a fix mended a failure: decayed counts, so not whole. */
export interface FixTally {
  readonly successes: number;
  readonly failures: number;
  /** When it was last brought up to date. */
  readonly at: number;
}

/** A fix that was seen to work: proposed again for the same cause where no rule speaks. */
export interface LearnedFix {
  /** The cause that it mended. */
  readonly fingerprint: string;
  readonly proposal: Pick<FixProposal, 'kind' | 'title' | 'body' | 'files' | 'risk' | 'validation'>;
}

/** How sure one must be. */
export interface FixThresholds {
  /** To put a fix before anybody. */
  readonly propose: number;
  /** To apply it without a person, which also needs a passed verification. */
  readonly apply: number;
}

/** All that the fixer knows: knowledge of the kind `fix-rules`. */
export interface FixRules {
  readonly thresholds: FixThresholds;
  /** Proposals on one record, at most. */
  readonly maxProposals: number;
  /** Files, folders (ending in `/`) and endings of files at the top (`*.sh`) that a fix may touch. */
  readonly allowedPaths: readonly string[];
  readonly rules: readonly FixRule[];
  readonly learned: readonly LearnedFix[];
  /** What fixes came to: by fingerprint or category, then by rule id or proposal id. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, FixTally>>>>;
}

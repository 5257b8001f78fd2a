import type { ClassificationRetryClass, Severity } from '@faultline/schemas';

/** One rule: how a failure is recognised, what it is, where it comes from and what to do. Plain data. */
export interface Rule {
  readonly id: string;
  /** Regular expressions, any of which matches one cleaned line. `(?i)` in front: without regard to case. */
  readonly patterns: readonly string[];
  /** None of these may match the same line. */
  readonly unless?: readonly string[];
  /** One of these must match some line of the same text, where given. */
  readonly also?: readonly string[];
  /** The process must have ended with one of these, where given. */
  readonly exitCodes?: readonly number[];
  readonly category: string;
  readonly errorType: string;
  readonly severity: Exclude<Severity, 'UNKNOWN'>;
  readonly retryClass: ClassificationRetryClass;
  readonly tool?: string;
  readonly cause: string;
  readonly remedy: string;
  /**
   * How much the words say. A `specific` rule names one failure of one tool; a `general` one may be the echo of
   * another failure; a `wrapper` only says that something failed and is never a final class.
   */
  readonly strength: 'specific' | 'general' | 'wrapper';
  /** Whose rule it is: what ships may run on V8 after a check, a user's runs on a linear-time engine. */
  readonly origin: 'own' | 'user';
}

/** Rules in their order: of two that match equally well, the first wins. */
export interface RulePack {
  readonly format: 1;
  readonly rules: readonly Rule[];
}

import type { FixProposalKind, FixProposalRisk } from '@faultline/schemas';

/** Strict forms that a value taken from a log may have. */
export const shapeNames = [
  'npm-package',
  'python-module',
  'python-package',
  'go-module',
  'rust-crate',
  'maven-coordinate',
  'docker-image',
  'command-name',
  'environment-name',
  'system-header',
  'repository-path',
  'branch-name',
  'version',
  'number',
  'identifier',
  'host-name',
] as const;
/** Strict form that a value taken from a log may have. */
export type ShapeName = (typeof shapeNames)[number];

/** When a rule applies. */
export interface FixCondition {
  /** Categories that the rule is for, with all below them. Another category weakens it, none forbids it. */
  readonly categories: readonly string[];
  /** A piece of plain text, in lower case, without which the pattern cannot match: the cheap first look. */
  readonly needle: string;
  /** Regular expression over one line, without flags but `i`; named groups are captures. */
  readonly pattern: string;
  /** The shape of each named group. A value of another shape, and the rule declines. */
  readonly captures: Readonly<Record<string, ShapeName>>;
}

/** What a rule proposes. `{name}` stands for a capture; in a command it is quoted for a shell. */
export interface FixTemplate {
  readonly kind: Exclude<FixProposalKind, 'patch'>;
  readonly title: string;
  readonly body: string;
  readonly files: readonly string[];
  readonly risk: FixProposalRisk;
  /** How often it mends what it matches, before anything was learned. */
  readonly confidence: number;
  /** Commands that show whether it works. */
  readonly validation: readonly string[];
}

/** One rule: when, then, why. */
export interface FixRule {
  readonly id: string;
  readonly when: FixCondition;
  readonly then: FixTemplate;
  readonly why: string;
}

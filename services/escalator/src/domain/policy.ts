import type {
  ClassificationRetryClass,
  EscalationLevel,
  FixProposalRisk,
  Severity,
} from '@faultline/schemas';

/** Every way to tell somebody. `mailbox` is the local one: it needs no configuration and never fails. */
export const channelNames = [
  'linear',
  'slack',
  'email',
  'webhook',
  'pagerduty',
  'codegen',
  'mailbox',
] as const;
/** Name of a channel. */
export type ChannelName = (typeof channelNames)[number];

/** Levels that a route can ask for; the two automated ones are decided by the record itself. */
export const routedLevels = ['codegen', 'human', 'shutdown'] as const;
/** A level that a route asks for. */
export type RoutedLevel = Extract<EscalationLevel, (typeof routedLevels)[number]>;

/** What a route can look at; `label:NAME` besides. */
export const routeFields = [
  'category',
  'errorType',
  'severity',
  'retryClass',
  'tool',
  'group',
  'repository',
  'ref',
  'pipeline',
  'task',
  'environment',
  'source',
  'agent',
  'runner',
  'operation',
] as const;
/** A field of a record that routes, groups and silences go by. */
export type RouteField = (typeof routeFields)[number] | `label:${string}`;

/**
 * One condition. `is` and `is-not` compare with values in which `*` stands for any text; `at-least` compares
 * severities. An absent field is the empty text.
 */
export interface Matcher {
  readonly field: RouteField;
  readonly op: 'is' | 'is-not' | 'at-least';
  readonly values: readonly string[];
}

/** What a route settles; what a child leaves out is inherited from its parent. */
export interface RouteSettings {
  readonly level: RoutedLevel;
  readonly channels: readonly ChannelName[];
  /** Records that agree in these fields are one incident. */
  readonly groupBy: readonly RouteField[];
  /** Whether the two automated levels may be tried before. */
  readonly allowRounds: boolean;
  /** Time between the first record of an incident and its first notice. */
  readonly groupWaitMs: number;
  /** Least time between two notices about new records of the same incident. */
  readonly groupIntervalMs: number;
  /** Time after which an incident that nobody acknowledged is told again. */
  readonly repeatIntervalMs: number;
  /** How long after its end an incident is opened again by another record; later, a new one is opened. */
  readonly reopenWithinMs: number;
  /** Time within which the incident must have ended; null takes the one of its severity. */
  readonly deadlineMs: number | null;
}

/** A node of the tree: it takes a record where all its matchers hold. */
export interface Route extends Partial<RouteSettings> {
  readonly id: string;
  readonly match: readonly Matcher[];
  /** Go on to the next siblings after this one matched; their channels are told too. */
  readonly continue: boolean;
  readonly routes: readonly Route[];
}

/** When the automated levels are worth another round. */
export interface RoundSettings {
  /** Rounds in total, at most 2. */
  readonly max: number;
  /** Least time left before the deadline of the record. */
  readonly minRemainingMs: number;
  /** Retry classes that another round of retries can help. */
  readonly retryClasses: readonly ClassificationRetryClass[];
  /** Least confidence of a proposal that is applied without a person. */
  readonly fixConfidence: number;
  /** Risks that are taken without a person. */
  readonly fixRisks: readonly FixProposalRisk[];
}

/** The escalation policy: data, versioned as knowledge of kind `escalation-policy`. */
export interface EscalationPolicy {
  readonly name: string;
  readonly rounds: RoundSettings;
  readonly deadlinesMs: Readonly<Record<Severity, number>>;
  readonly defaults: RouteSettings;
  readonly routes: readonly Route[];
}

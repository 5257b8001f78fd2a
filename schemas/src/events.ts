// Generated from schemas/avro by scripts/generate.ts. Do not edit.

/** What Classification.retryClass may be. */
export const classificationRetryClassValues = [
  'backoff',
  'once',
  'once-elsewhere',
  'wait',
  'never',
  'never-fixable',
  'unknown',
] as const;
/** What Classification.retryClass may be. */
export type ClassificationRetryClass = (typeof classificationRetryClassValues)[number];

/** What Classification.strategy may be. */
export const classificationStrategyValues = ['rule', 'pattern', 'ml', 'none'] as const;
/** What Classification.strategy may be. */
export type ClassificationStrategy = (typeof classificationStrategyValues)[number];

/** What kind of failure it is. */
export interface Classification {
  /** Dotted category, such as network.dns. */
  readonly category: string;
  /** Name of the error type, such as NETWORK_ERROR. */
  readonly errorType: string;
  /** How bad it is. */
  readonly severity: Severity;
  /** Why the severity is what it is. */
  readonly severityReason: string;
  /** Whether running again can help. */
  readonly retryClass: ClassificationRetryClass;
  /** Tool that failed. */
  readonly tool: null | string;
  /** Probability that the category is right, 0 to 1. */
  readonly confidence: number;
  /** What decided. */
  readonly strategy: ClassificationStrategy;
  /** Rule or pattern that decided. */
  readonly ruleId: null | string;
  /** The cause in one line, for people. */
  readonly title: string;
  /** What this kind of failure comes from. */
  readonly cause: null | string;
  /** What to do about it. */
  readonly remedy: null | string;
  /** Why, strongest first. */
  readonly evidence: readonly Evidence[];
  /** The line that states the cause. */
  readonly causeLine: null | ChainLink;
  /** The line that states what followed. */
  readonly symptomLine: null | ChainLink;
  /** The line that wraps it up. */
  readonly exitLine: null | ChainLink;
  /** Lines of the excerpt that explain the failure. */
  readonly region: readonly LineRange[];
  /** Type at the root of the cause chain. */
  readonly exceptionType: null | string;
  /** Frames of the root cause, innermost first, at most 30. */
  readonly frames: readonly Frame[];
  /** Identity of the cause. */
  readonly fingerprint: Fingerprint;
  /** Group after merges and splits; the fingerprint id where none applies. */
  readonly groupKey: string;
}

/** How bad it is. */
export type Severity = 'UNKNOWN' | 'low' | 'medium' | 'high' | 'critical';

/** Why a decision was taken: one observation. */
export interface Evidence {
  /** What kind of evidence, such as pattern, exit-code, feature or hint. */
  readonly kind: string;
  /** Id of the rule, pattern or feature. */
  readonly id: null | string;
  /** The text that matched, or the observation in words. */
  readonly text: string;
  /** Index of the line in the log, from 0. */
  readonly line: null | number;
  /** Strength, where the kind has one. */
  readonly weight: null | number;
}

/** One line of the log in the chain from cause to exit. */
export interface ChainLink {
  /** Index of the line in the log, from 0; -1 where it is not from a log. */
  readonly line: number;
  /** The line, cleaned. */
  readonly text: string;
}

/** A run of lines, both ends included, from 0. */
export interface LineRange {
  /** First line. */
  readonly first: number;
  /** Last line. */
  readonly last: number;
}

/** One frame of a stack trace, innermost first. */
export interface Frame {
  /** Function or method, qualified. */
  readonly function: null | string;
  /** File, shortened to what is stable. */
  readonly file: null | string;
  /** Line in the file. */
  readonly line: null | number;
  /** Whether it belongs to the project rather than to a library. */
  readonly inApp: boolean;
}

/** Stable identity of a cause, from coarse to fine. */
export interface Fingerprint {
  /** Version of the algorithm. */
  readonly version: string;
  /** The full fingerprint: what groups. */
  readonly id: string;
  /** Hash of type and masked message. */
  readonly type: string;
  /** The same with the top frames of the project. */
  readonly app: null | string;
  /** The text that was hashed, part by part. */
  readonly components: readonly string[];
}

/** Names one record of errors.raw: the unit that the ledger counts. */
export interface Coordinate {
  /** Id that the broker gave the topic when it was created; a recreated topic has another. */
  readonly topicId: string;
  /** Partition of errors.raw. */
  readonly partition: number;
  /** Offset in the partition. */
  readonly offset: number;
}

/** One error of a pipeline, as its producer saw it. */
export interface ErrorEvent {
  /** Identity that the producer gave; the same id again within seven days is a duplicate. */
  readonly id: string;
  /** When the error happened, in milliseconds since the epoch. */
  readonly time: number;
  /** What reports: a CI system, a service or an agent. */
  readonly source: string;
  /** The error in one line or a few. */
  readonly message: string;
  /** Class of the exception or code of the error. */
  readonly type: null | string;
  /** Stack trace as printed. */
  readonly stack: null | string;
  /** Excerpt of the log. */
  readonly log: null | LogExcerpt;
  /** Exit code of the process. */
  readonly exitCode: null | number;
  /** Signal that ended the process. */
  readonly signal: null | string;
  /** What the producer thinks of the severity; weighed, not obeyed. */
  readonly severityHint: null | string;
  /** Where it happened, such as production or ci. */
  readonly environment: null | string;
  /** Repository, owner and name. */
  readonly repository: null | string;
  /** Commit that ran. */
  readonly commit: null | string;
  /** Branch or tag that ran. */
  readonly ref: null | string;
  /** Name of the pipeline. */
  readonly pipeline: null | string;
  /** Id of the run of the pipeline. */
  readonly run: null | string;
  /** Name of the job or step. */
  readonly task: null | string;
  /** Which attempt of the run, from 1. */
  readonly attempt: null | number;
  /** Machine or pool that ran it. */
  readonly runner: null | string;
  /** AI agent that was at work. */
  readonly agent: null | string;
  /** Labels of the producer. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whatever else the caller knows, such as userId or cpuUsage. */
  readonly context: Readonly<Record<string, string | number | boolean>>;
  /** Name of the operation that failed. */
  readonly operation: null | string;
  /** How to run the operation again. */
  readonly rerun: null | Rerun;
  /** Explicit grouping; {{ default }} stands for the computed one. */
  readonly fingerprint: readonly string[];
  /** The dead-lettered record that this one replaces. */
  readonly redriveOf: null | Coordinate;
}

/** The part of a log that travels with the event. */
export interface LogExcerpt {
  /** Lines of the log, word for word. */
  readonly text: string;
  /** Whether lines of the log were left out. */
  readonly truncated: boolean;
  /** How many lines were left out, where known. */
  readonly omittedLines: null | number;
  /** Where the whole log is: a URL or an object key. */
  readonly pointer: null | string;
}

/** What Rerun.kind may be. */
export const rerunKindValues = ['http', 'kafka', 'ci', 'command', 'local'] as const;
/** What Rerun.kind may be. */
export type RerunKind = (typeof rerunKindValues)[number];

/** How the operation that failed can be run again. Credentials by reference, never inline. */
export interface Rerun {
  /** How: an HTTP callback, a record published again, a CI job, a command for an agent, or a function registered in this process. */
  readonly kind: RerunKind;
  /** The URL, the topic, the job or the name. */
  readonly target: string;
  /** HTTP method; POST where absent. */
  readonly method: null | string;
  /** Headers to send. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body of the request or value of the record. */
  readonly body: null | string;
  /** Key of the record. */
  readonly key: null | string;
  /** Whether running twice does no more than running once. */
  readonly idempotent: boolean;
  /** What the operation changes outside, such as deploy, publish or migrate. */
  readonly sideEffects: readonly string[];
  /** Name of the credentials to use, such as ci-bot. */
  readonly credentials: null | string;
  /** How long one run may take, in milliseconds. */
  readonly timeoutMs: null | number;
}

/** The one envelope on every topic between errors.raw and errors.escalated. */
export interface ErrorRecord {
  /** The record of errors.raw that this is. */
  readonly coordinate: Coordinate;
  /** The error, redacted. */
  readonly event: ErrorEvent;
  /** When the broker took it. */
  readonly receivedAt: number;
  /** How far ahead of the broker the producer clock was, where it was too far. */
  readonly clockSkewMs: null | number;
  /** Filled by the classifier. */
  readonly classification: null | Classification;
  /** Filled by the retrier. */
  readonly retry: null | RetryState;
  /** Filled by the fixer. */
  readonly fix: null | FixState;
  /** Filled by the escalator. */
  readonly escalation: null | Escalation;
  /** How often the ladder sent it back into the line. */
  readonly round: number;
  /** Topics passed so far. */
  readonly hops: number;
  /** When it must have ended. */
  readonly deadline: number;
  /** Versions of the knowledge that decided, by kind. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What Escalation.level may be. */
export const escalationLevelValues = [
  'automated-retry',
  'automated-fix',
  'codegen',
  'human',
  'shutdown',
] as const;
/** What Escalation.level may be. */
export type EscalationLevel = (typeof escalationLevelValues)[number];

/** Where the record goes when no machine could end it. */
export interface Escalation {
  /** Level of the ladder. */
  readonly level: EscalationLevel;
  /** Name and version of the policy. */
  readonly policy: string;
  /** Route of the tree that matched. */
  readonly route: string;
  /** What is grouped into one incident. */
  readonly groupKey: string;
  /** Incident that it belongs to. */
  readonly incidentId: null | string;
  /** 0 none, 1 urgent, 2 high, 3 medium, 4 low. */
  readonly priority: number;
  /** One line for the ticket. */
  readonly title: string;
  /** Markdown for the ticket. */
  readonly summary: string;
  /** Channels to tell. */
  readonly channels: readonly string[];
  /** When the incident must have ended. */
  readonly deadline: number;
  /** Why this level, in words. */
  readonly reason: string;
}

/** What FixState.decision may be. */
export const fixStateDecisionValues = ['proposed', 'applied', 'declined', 'failed'] as const;
/** What FixState.decision may be. */
export type FixStateDecision = (typeof fixStateDecisionValues)[number];

/** What fixing came to. */
export interface FixState {
  /** Best first. */
  readonly proposals: readonly FixProposal[];
  /** Proposal that was applied. */
  readonly chosen: null | string;
  /** Where fixing stands. */
  readonly decision: FixStateDecision;
  /** Why, in words. */
  readonly reason: string;
}

/** What FixProposal.kind may be. */
export const fixProposalKindValues = ['patch', 'command', 'configuration', 'rerun'] as const;
/** What FixProposal.kind may be. */
export type FixProposalKind = (typeof fixProposalKindValues)[number];

/** What FixProposal.tier may be. */
export const fixProposalTierValues = ['rule', 'pattern', 'codegen'] as const;
/** What FixProposal.tier may be. */
export type FixProposalTier = (typeof fixProposalTierValues)[number];

/** What FixProposal.risk may be. */
export const fixProposalRiskValues = ['low', 'medium', 'high'] as const;
/** What FixProposal.risk may be. */
export type FixProposalRisk = (typeof fixProposalRiskValues)[number];

/** What FixProposal.verification may be. */
export const fixProposalVerificationValues = ['none', 'pending', 'passed', 'failed'] as const;
/** What FixProposal.verification may be. */
export type FixProposalVerification = (typeof fixProposalVerificationValues)[number];

/** One way to mend it. */
export interface FixProposal {
  /** Deterministic id. */
  readonly id: string;
  /** What it is. */
  readonly kind: FixProposalKind;
  /** Who proposes. */
  readonly tier: FixProposalTier;
  /** Rule or pattern that proposes. */
  readonly ruleId: null | string;
  /** What it does, in one line. */
  readonly title: string;
  /** The diff, the command, the setting or the parameters. */
  readonly body: string;
  /** Files that it touches. */
  readonly files: readonly string[];
  /** Probability that it mends the failure, 0 to 1. */
  readonly confidence: number;
  /** What may go wrong. */
  readonly risk: FixProposalRisk;
  /** What speaks for it. */
  readonly evidence: readonly string[];
  /** Commands that show whether it works. */
  readonly validation: readonly string[];
  /** What running it showed. */
  readonly verification: FixProposalVerification;
}

/** What Incident.from may be. */
export const incidentFromValues = ['open', 'acknowledged', 'resolved', 'closed', 'expired'] as const;
/** What Incident.from may be. */
export type IncidentFrom = (typeof incidentFromValues)[number];

/** What Incident.to may be. */
export const incidentToValues = ['open', 'acknowledged', 'resolved', 'closed', 'expired'] as const;
/** What Incident.to may be. */
export type IncidentTo = (typeof incidentToValues)[number];

/** What Incident.level may be. */
export const incidentLevelValues = [
  'codegen',
  'human',
  'shutdown',
  'automated-retry',
  'automated-fix',
] as const;
/** What Incident.level may be. */
export type IncidentLevel = (typeof incidentLevelValues)[number];

/** One transition of one incident. */
export interface Incident {
  /** Incident. */
  readonly id: string;
  /** Hash of incident and sequence. */
  readonly transitionId: string;
  /** Which transition of the incident, from 0. */
  readonly sequence: number;
  /** When. */
  readonly at: number;
  /** State before; null when it opens. */
  readonly from: IncidentFrom | null;
  /** State after. */
  readonly to: IncidentTo;
  /** Reason from a closed list. */
  readonly reason: string;
  /** Level of the ladder. */
  readonly level: IncidentLevel;
  /** What is grouped. */
  readonly groupKey: string;
  /** One line. */
  readonly title: string;
  /** Worst severity so far. */
  readonly severity: Severity;
  /** Records attached so far. */
  readonly records: number;
  /** The record that opened it. */
  readonly firstCoordinate: null | Coordinate;
  /** Repository. */
  readonly repository: null | string;
  /** When it must have ended. */
  readonly deadline: number;
  /** Who did it, where a person or a program did. */
  readonly actor: null | string;
  /** Tickets and pages, by channel. */
  readonly links: Readonly<Record<string, string>>;
}

/** What Observation.kind may be. */
export const observationKindValues = [
  'run-finished',
  'change-merged',
  'change-reverted',
  'ticket-closed',
  'ticket-acknowledged',
  'system-sample',
  'label-confirmed',
] as const;
/** What Observation.kind may be. */
export type ObservationKind = (typeof observationKindValues)[number];

/** What the world did: the denominators and the feedback. */
export interface Observation {
  /** Identity that the reporter gave. */
  readonly id: string;
  /** When it happened. */
  readonly at: number;
  /** Who reports. */
  readonly source: string;
  /** What happened. */
  readonly kind: ObservationKind;
  /** passed, failed or cancelled, for a run. */
  readonly result: null | string;
  /** Repository. */
  readonly repository: null | string;
  /** Commit. */
  readonly commit: null | string;
  /** Branch or tag. */
  readonly ref: null | string;
  /** Pipeline. */
  readonly pipeline: null | string;
  /** Run. */
  readonly run: null | string;
  /** Job. */
  readonly job: null | string;
  /** Task or test. */
  readonly task: null | string;
  /** Attempt, from 1. */
  readonly attempt: null | number;
  /** Runner. */
  readonly runner: null | string;
  /** Duration in milliseconds. */
  readonly durationMs: null | number;
  /** Lines of the log, as contrast. */
  readonly logSample: null | string;
  /** Operation. */
  readonly operation: null | string;
  /** Incident or ticket. */
  readonly incident: null | string;
  /** Event. */
  readonly eventId: null | string;
  /** Who did it. */
  readonly actor: null | string;
  /** Measured values. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Labels. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What Outcome.subject may be. */
export const outcomeSubjectValues = ['record', 'range'] as const;
/** What Outcome.subject may be. */
export type OutcomeSubject = (typeof outcomeSubjectValues)[number];

/** What Outcome.from may be. */
export const outcomeFromValues = [
  'raw',
  'classified',
  'delayed',
  'fixable',
  'unresolved',
  'escalated',
  'resolved',
  'suppressed',
  'dead-lettered',
] as const;
/** What Outcome.from may be. */
export type OutcomeFrom = (typeof outcomeFromValues)[number];

/** What Outcome.to may be. */
export const outcomeToValues = [
  'raw',
  'classified',
  'delayed',
  'fixable',
  'unresolved',
  'escalated',
  'resolved',
  'suppressed',
  'dead-lettered',
] as const;
/** What Outcome.to may be. */
export type OutcomeTo = (typeof outcomeToValues)[number];

/** One transition of one record, or a range report. */
export interface Outcome {
  /** Transition id: hash of coordinate, stage, round, attempt and sequence. */
  readonly id: string;
  /** What it is about. */
  readonly subject: OutcomeSubject;
  /** Stage that decided. */
  readonly stage: string;
  /** The clock that the decision was given. */
  readonly at: number;
  /** The record. */
  readonly coordinate: null | Coordinate;
  /** Id of the event. */
  readonly eventId: null | string;
  /** The record that the decision was made on. */
  readonly input: null | Position;
  /** State before. */
  readonly from: OutcomeFrom | null;
  /** State after. */
  readonly to: OutcomeTo | null;
  /** Reason from the closed list of the stage. */
  readonly reason: null | string;
  /** The reason in words. */
  readonly why: null | string;
  /** Round of the ladder. */
  readonly round: number;
  /** Sequence in the line. */
  readonly hops: number;
  /** When the broker took the record. */
  readonly receivedAt: null | number;
  /** When the record must have ended. */
  readonly deadline: null | number;
  /** Versions of the knowledge that decided. */
  readonly versions: Readonly<Record<string, string>>;
  /** Answers that the decision used, as JSON. */
  readonly answers: null | string;
  /** The whole event, on the first transition alone. */
  readonly event: null | ErrorEvent;
  /** What the classifier filled. */
  readonly classification: null | Classification;
  /** What the retrier filled. */
  readonly retry: null | RetryState;
  /** What the fixer filled. */
  readonly fix: null | FixState;
  /** What the escalator filled. */
  readonly escalation: null | Escalation;
  /** The range, where the subject is one. */
  readonly range: null | RangeReport;
  /** W3C trace context. */
  readonly traceparent: null | string;
}

/** A record of any topic. */
export interface Position {
  /** Topic. */
  readonly topic: string;
  /** Partition. */
  readonly partition: number;
  /** Offset. */
  readonly offset: number;
}

/** Offsets of errors.raw that one transaction of the classifier took. */
export interface RangeReport {
  /** Id of the topic. */
  readonly topicId: string;
  /** Partition of errors.raw. */
  readonly partition: number;
  /** First offset of the range. */
  readonly from: number;
  /** Offset behind the range. */
  readonly to: number;
  /** Records in it. */
  readonly count: number;
}

/** What RetryState.decision may be. */
export const retryStateDecisionValues = [
  'scheduled',
  'resolved',
  'exhausted',
  'not-retryable',
  'no-way-to-rerun',
  'refused',
  'gave-up',
] as const;
/** What RetryState.decision may be. */
export type RetryStateDecision = (typeof retryStateDecisionValues)[number];

/** What retrying came to. */
export interface RetryState {
  /** Policy in force when retrying began. */
  readonly policy: string;
  /** exponential, linear, fibonacci or adaptive. */
  readonly strategy: string;
  /** Runs beyond the first that the policy allows. */
  readonly maxRetries: number;
  /** Runs so far. */
  readonly attempts: readonly Attempt[];
  /** Before this moment the next run must not begin. */
  readonly nextAt: null | number;
  /** Idempotency key of the next run. */
  readonly nextKey: null | string;
  /** State of the backoff, serialised. */
  readonly backoff: null | string;
  /** Where retrying stands. */
  readonly decision: RetryStateDecision;
  /** Why, in words. */
  readonly reason: string;
}

/** What Attempt.outcome may be. */
export const attemptOutcomeValues = ['succeeded', 'failed', 'unknown', 'refused'] as const;
/** What Attempt.outcome may be. */
export type AttemptOutcome = (typeof attemptOutcomeValues)[number];

/** One run of the operation again. */
export interface Attempt {
  /** Which retry, from 1. */
  readonly number: number;
  /** Idempotency key of the run. */
  readonly key: string;
  /** When it ran. */
  readonly at: number;
  /** How it ended. */
  readonly outcome: AttemptOutcome;
  /** What the target answered. */
  readonly detail: string;
  /** HTTP status or exit code. */
  readonly status: null | number;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** What Work.kind may be. */
export const workKindValues = ['sandbox', 'agent'] as const;
/** What Work.kind may be. */
export type WorkKind = (typeof workKindValues)[number];

/** Long work that a stage asks for. */
export interface Work {
  /** Deterministic id. */
  readonly id: string;
  /** What is to run. */
  readonly kind: WorkKind;
  /** When it was asked for. */
  readonly at: number;
  /** The record. */
  readonly coordinate: Coordinate;
  /** What the runner needs, as JSON. */
  readonly payload: string;
}

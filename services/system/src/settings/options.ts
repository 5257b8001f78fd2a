import type { AgentClient, TicketClient } from '@faultline/escalator';
import type { BackoffStrategy } from '@faultline/stream';

/** Levels of the log, from most to least. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
/** Level of the log. */
export type LogLevel = (typeof logLevels)[number];

/** What an {@link ErrorHandlingSystem} can be made with; everything has a default. */
export interface ErrorHandlingSystemOptions {
  /** Whether statistics, reports and the dashboard are kept. Default true. */
  readonly enableAnalytics?: boolean;
  /** Whether patterns are looked for. Default true. */
  readonly enablePatternRecognition?: boolean;
  /** Whether fixes are proposed. Default true. */
  readonly enableAutomatedFixes?: boolean;
  /** Whether tickets are made and agents started for what is escalated. Default true. */
  readonly enableEscalation?: boolean;
  /** Client of an agent service: `run({prompt, metadata})`. */
  readonly codegenClient?: Partial<AgentClient> | null | undefined;
  /** Client of Linear: a `LinearClient` of @linear/sdk, or whatever has its `createIssue`. */
  readonly linearClient?: Partial<TicketClient> | null | undefined;
  /** Kafka brokers, host:port: errors then go to errors.raw of a cluster, and its services handle them. */
  readonly brokers?: string | readonly string[];
  /** Base URL of the schema registry; needed with `brokers`. */
  readonly registryUrl?: string;
  readonly errorHandling?: {
    /** Runs beyond the first, at most; the policy of each error type where absent. */
    readonly maxRetries?: number;
    /** Delay before the first retry, in milliseconds. */
    readonly baseDelay?: number;
    readonly strategy?: BackoffStrategy;
    /** Below this the class of an error is unknown, 0 to 1. Default 0.7. */
    readonly confidenceThreshold?: number;
    /** How long one run of an operation may take, in milliseconds. Default 30,000. */
    readonly attemptTimeoutMs?: number;
    /** Time within which an error must have ended, in milliseconds. Default one day. */
    readonly deadlineMs?: number;
  };
  readonly integrations?: {
    readonly linear?: { readonly apiKey?: string; readonly teamId?: string; readonly apiUrl?: string };
    readonly codegen?: { readonly apiUrl?: string; readonly apiKey?: string; readonly orgId?: string };
    /** Hosts, host:port and ranges that HTTP reruns may call though they are not public. */
    readonly outboundAllow?: readonly string[];
  };
  readonly monitoring?: {
    /** Least level that is logged to standard error. Default `warn`. */
    readonly logLevel?: LogLevel;
  };
  readonly security?: {
    /** More key names whose values are secret. */
    readonly redactKeys?: readonly string[];
  };
  readonly performance?: {
    /** Errors handled at once. Default 1,000. */
    readonly maxInFlight?: number;
    /** Errors that wait for a place; one more is refused. Default 10,000. */
    readonly maxWaiting?: number;
    /** Errors that analytics keep. Default 100,000. */
    readonly maxErrors?: number;
  };
  /**
   * Configuration file; `config/error_handling_config.json` in the working directory where absent and there is
   * one. False reads none.
   */
  readonly configFile?: string | false;
  /** Environment variables; those of the process where absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

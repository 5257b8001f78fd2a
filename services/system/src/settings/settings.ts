import type { AgentClient, TicketClient } from '@faultline/escalator';
import { Fault, type BackoffStrategy } from '@faultline/stream';
import { readConfigFile } from '../edge/config-file.ts';
import type { ErrorHandlingSystemOptions, LogLevel } from './options.ts';
import { settingsFault } from './settings-fault.ts';
import { optionsSchema, type FileSettings } from './settings-schema.ts';

/** Everything that is decided when a system is made: options before environment before file before defaults. */
export interface Settings {
  readonly analytics: boolean;
  readonly patterns: boolean;
  readonly fixes: boolean;
  readonly escalation: boolean;
  readonly codegenClient: Partial<AgentClient> | undefined;
  readonly linearClient: Partial<TicketClient> | undefined;
  readonly linear: { readonly apiKey?: string; readonly teamId?: string; readonly apiUrl?: string };
  readonly codegen: { readonly apiUrl?: string; readonly apiKey?: string; readonly orgId?: string };
  readonly cluster: { readonly brokers: readonly string[]; readonly registryUrl: string } | undefined;
  readonly retry: {
    readonly maxRetries?: number;
    readonly baseDelay?: number;
    readonly strategy?: BackoffStrategy;
  };
  readonly confidenceThreshold: number;
  readonly attemptTimeoutMs: number;
  readonly deadlineMs: number;
  readonly outboundAllow: readonly string[];
  readonly logLevel: LogLevel;
  readonly redactKeys: readonly string[];
  readonly maxInFlight: number;
  readonly maxWaiting: number;
  readonly maxErrors: number;
  /** File that was read; null where none was. */
  readonly configFile: string | null;
  /** What was given and does nothing in this process, with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

/** Variables of the environment that only a cluster uses. */
const clusterOnly = {
  DATABASE_URL: 'history in Postgres needs the services; this system keeps its own in memory',
  SLACK_WEBHOOK_URL: 'Slack is told by the escalator service; this system keeps a mailbox',
  ENCRYPTION_KEY: 'nothing is written to disk by this system',
} as const;

/** Checks options, environment and file. Throws a {@link Fault} that names every wrong field. */
export function settingsOf(options: ErrorHandlingSystemOptions, env = options.env ?? {}): Settings {
  checked(options);
  const { settings: file, path, unknown } = readConfigFile(options.configFile);
  const errorHandling = { ...file.errorHandling, ...defined(options.errorHandling ?? {}) };
  const integrations = { ...file.integrations, ...defined(options.integrations ?? {}) };
  const monitoring = {
    ...file.monitoring,
    ...fromEnv(env, { logLevel: 'FAULTLINE_LOG_LEVEL' }),
    ...options.monitoring,
  };
  const performance = { ...file.performance, ...defined(options.performance ?? {}) };
  const on = (name: keyof ErrorHandlingSystemOptions & keyof NonNullable<FileSettings['errorHandling']>) =>
    options[name] ?? file.errorHandling?.[name] ?? true;
  const allowed = env['FAULTLINE_OUTBOUND_ALLOW']?.split(',').flatMap((entry) => entry.trim() || []);
  return {
    analytics: on('enableAnalytics'),
    patterns: on('enablePatternRecognition'),
    fixes: on('enableAutomatedFixes'),
    escalation: on('enableEscalation'),
    codegenClient: options.codegenClient ?? undefined,
    linearClient: options.linearClient ?? undefined,
    linear: {
      ...defined(file.integrations?.linear ?? {}),
      ...fromEnv(env, { apiKey: 'LINEAR_API_KEY', teamId: 'LINEAR_TEAM_ID', apiUrl: 'LINEAR_API_URL' }),
      ...defined(options.integrations?.linear ?? {}),
    },
    codegen: {
      ...defined(file.integrations?.codegen ?? {}),
      ...fromEnv(env, { apiUrl: 'CODEGEN_API_URL', apiKey: 'CODEGEN_API_KEY', orgId: 'CODEGEN_ORG_ID' }),
      ...defined(options.integrations?.codegen ?? {}),
    },
    cluster: clusterOf(options, file),
    retry: defined({
      maxRetries: errorHandling.maxRetries,
      baseDelay: errorHandling.baseDelay,
      strategy: errorHandling.strategy,
    }),
    confidenceThreshold: errorHandling.confidenceThreshold ?? 0.7,
    attemptTimeoutMs: errorHandling.attemptTimeoutMs ?? 30_000,
    deadlineMs: errorHandling.deadlineMs ?? DAY_MS,
    outboundAllow: options.integrations?.outboundAllow ?? allowed ?? integrations.outboundAllow ?? [],
    logLevel: levelOf(monitoring.logLevel),
    redactKeys: [...(file.security?.redactKeys ?? []), ...(options.security?.redactKeys ?? [])],
    maxInFlight: performance.maxInFlight ?? 1_000,
    maxWaiting: performance.maxWaiting ?? 10_000,
    maxErrors: performance.maxErrors ?? 100_000,
    configFile: path,
    ignored: {
      ...Object.fromEntries(unknown.map((field) => [field, 'not a setting of this version'])),
      ...Object.fromEntries(Object.entries(clusterOnly).filter(([name]) => (env[name] ?? '') !== '')),
    },
  };
}

function checked(options: ErrorHandlingSystemOptions): void {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw settingsFault('the options of ErrorHandlingSystem are wrong', parsed.error);
}

function clusterOf(
  { brokers, registryUrl }: ErrorHandlingSystemOptions,
  { integrations }: FileSettings,
): Settings['cluster'] {
  const given = brokers ?? integrations?.kafka?.brokers;
  if (given === undefined) return undefined;
  const list = (typeof given === 'string' ? given.split(',') : given).flatMap((one) => one.trim() || []);
  const registry = registryUrl ?? integrations?.kafka?.registryUrl;
  if (registry === undefined) {
    throw new Fault('CONFIG_INVALID', 'brokers are given but registryUrl is not', {
      remedy: 'give registryUrl, the base URL of the Confluent API of the schema registry',
    });
  }
  return { brokers: list, registryUrl: registry };
}

function levelOf(level: string | undefined): LogLevel {
  if (level === undefined) return 'warn';
  if (level === 'trace') return 'debug';
  if (level === 'fatal') return 'error';
  return level as LogLevel;
}

function fromEnv<Name extends string>(
  env: Readonly<Record<string, string | undefined>>,
  names: Readonly<Record<Name, string>>,
): { readonly [N in Name]?: string } {
  const given = Object.entries<string>(names).map(([name, key]) => [
    name,
    env[key] === '' ? undefined : env[key],
  ]);
  return defined(Object.fromEntries(given) as { readonly [N in Name]?: string });
}

/** The fields that have a value, so that an undefined one covers nothing. */
function defined<T extends object>(given: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

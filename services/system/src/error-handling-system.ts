import { randomUUID } from 'node:crypto';
import {
  ErrorAnalytics,
  PatternRecognition,
  type AnalyticsReport,
  type DashboardData,
  type GivenEvent,
  type Insights,
  type Prediction,
} from '@faultline/analytics';
import { createRedactor, redactEvent, type Redactor } from '@faultline/classifier';
import { EscalationManager } from '@faultline/escalator';
import { openRecord, readContractInput, problemsText, type ErrorEvent, type Rerun } from '@faultline/schemas';
import { Fault, type Ending, type LineClock, type Pipeline } from '@faultline/stream';
import type { Cluster } from './edge/cluster.ts';
import { integrationClients } from './edge/integration-clients.ts';
import { realClock } from './edge/real-clock.ts';
import { createLog, type Log } from './edge/log.ts';
import { eventOfError, type ErrorContext, type RerunFunction } from './event/event-of-error.ts';
import { exportOf, readExport, type SystemExport } from './export.ts';
import { accepted, handled, type Handled, type HandledEscalation } from './handled.ts';
import { localLine } from './line/local-line.ts';
import { localRerun, Operations, type OperationOptions } from './line/operations.ts';
import type { ErrorHandlingSystemOptions } from './settings/options.ts';
import { settingsOf, type Settings } from './settings/settings.ts';
import { Statistics, type LineCounts, type StageCounts } from './statistics.ts';

/** What a component says of itself. */
export type ComponentStatistics = StageCounts & { readonly enabled: boolean } & Readonly<
    Record<string, unknown>
  >;

/** What {@link ErrorHandlingSystem.getStatistics} gives. */
export interface SystemStatistics {
  readonly v: 1;
  readonly mode: 'in-process' | 'cluster';
  readonly startedAt: number;
  readonly uptimeMs: number;
  readonly errors: LineCounts & { readonly inFlight: number; readonly waiting: number };
  /** Resolved of all that ended; null before any has. */
  readonly resolutionRate: number | null;
  readonly components: Readonly<
    Record<
      | 'errorClassifier'
      | 'retryManager'
      | 'automatedFixGenerator'
      | 'escalationManager'
      | 'errorAnalytics'
      | 'patternRecognition',
      ComponentStatistics
    >
  >;
  /** Operations that can be run again by name. */
  readonly operations: readonly string[];
  readonly configuration: {
    readonly file: string | null;
    /** What was given and does nothing here, with the reason. */
    readonly ignored: Readonly<Record<string, string>>;
  };
}

/** What {@link ErrorHandlingSystem.getDashboardData} gives. */
export interface SystemDashboard {
  readonly v: 1;
  readonly at: number;
  readonly line: SystemStatistics['errors'];
  /** Null where analytics are off. */
  readonly analytics: DashboardData | null;
  /** What is known of patterns; null where pattern recognition is off. */
  readonly patterns: Insights | null;
  /** What could not be told anywhere else. */
  readonly mailbox: EscalationManager['mailbox'];
}

/** What the system is given beside its options, so that tests can move the clock. */
export interface SystemParts {
  readonly clock: LineClock;
  readonly newId: () => string;
  readonly log: Log;
}

/** Events that wait to be looked at for patterns; the oldest go first. */
const MAX_UNSEEN = 20_000;
/** How long a shutdown waits for what is in the line. */
const SHUTDOWN_MS = 10_000;

/**
 * Errors of this process, each driven to an end: classified, retried where there is a way, given proposals for
 * fixes, and escalated. The same stages as the services, in memory, with neither Kafka nor Postgres; with
 * `brokers` errors go to a cluster instead. Throws a {@link Fault} that names every wrong option.
 */
export class ErrorHandlingSystem {
  readonly #settings: Settings;
  readonly #clock: LineClock;
  readonly #newId: () => string;
  readonly #log: Log;
  readonly #redactor: Redactor;
  readonly #operations: Operations;
  readonly #line: Pipeline | undefined;
  readonly #analytics: ErrorAnalytics | undefined;
  readonly #patterns: PatternRecognition | undefined;
  readonly #escalation: EscalationManager;
  readonly #statistics = new Statistics();
  readonly #startedAt: number;
  readonly #topicId: string;
  #cluster: Promise<Cluster> | undefined;
  #offset = 0;
  #unseen: GivenEvent[] = [];
  #shutdown: Promise<void> | undefined;

  constructor(options: ErrorHandlingSystemOptions = {}, parts: Partial<SystemParts> = {}) {
    this.#settings = settingsOf(options, options.env ?? process.env);
    this.#clock = parts.clock ?? realClock;
    this.#newId = parts.newId ?? randomUUID;
    this.#log = parts.log ?? createLog(this.#settings.logLevel);
    this.#redactor = createRedactor({ keys: this.#settings.redactKeys });
    this.#startedAt = this.#clock.now();
    this.#topicId = `in-process-${this.#newId()}`;
    const now = (): number => this.#clock.now();
    this.#operations = new Operations(now, this.#redactor.text);
    this.#analytics = this.#settings.analytics
      ? new ErrorAnalytics({ maxErrors: this.#settings.maxErrors, now })
      : undefined;
    this.#patterns = this.#settings.patterns ? new PatternRecognition({ now }) : undefined;
    this.#escalation = new EscalationManager({
      enableAutoEscalation: this.#settings.escalation,
      ...integrationClients(this.#settings),
      linearTeamId: this.#settings.linear.teamId ?? '',
      now,
    });
    this.#line =
      this.#settings.cluster === undefined
        ? localLine(this.#settings, {
            clock: this.#clock,
            local: this.#operations.executor,
            onOutcome: (outcome) => {
              this.#statistics.decided(outcome);
              const { eventId, stage, from, to, reason, why } = outcome;
              this.#log('debug', `${eventId} ${from} → ${to}`, { stage, reason, why });
            },
            onWork: ({ kind, id }) => {
              this.#log('warn', `no runner for ${kind} work in this process`, { work: id });
            },
          })
        : undefined;
    for (const [name, why] of Object.entries(this.#settings.ignored)) {
      this.#log('info', `${name} is not used: ${why}`, {});
    }
  }

  /**
   * Makes an operation known by its name: an error whose `context.operation` is this name can then be run again.
   * Registering the name again replaces it.
   */
  registerOperation(name: string, run: RerunFunction, options: OperationOptions = {}): void {
    this.#operations.register(name, run, options);
  }

  /**
   * Drives an error to its end and says what it came to; `success` means resolved. Waits through the delays of
   * its retries. Rejects with a {@link Fault} where the input is wrong, the system is shut down or overloaded, or
   * the cluster does not acknowledge: never for what the error itself is.
   */
  async handleError(error: unknown, context: ErrorContext = {}): Promise<Handled> {
    if (typeof context !== 'object' || context === null || Array.isArray(context)) {
      throw new Fault('INPUT_INVALID', 'context is no object', {
        remedy: 'pass an object, such as {operation: "deploy", environment: "production"}',
      });
    }
    const id = idOf(context) ?? this.#newId();
    const now = this.#clock.now();
    const { rerun, forget } = this.#rerunOf(id, context);
    try {
      const event = eventOfError(error, context, { id, now, rerun });
      this.#statistics.received();
      return this.#settings.cluster === undefined
        ? await this.#handleHere(event, now)
        : await this.#handOver(event, now);
    } finally {
      forget();
    }
  }

  /** Counts since the system was made, and what each component did. */
  getStatistics(): SystemStatistics {
    const now = this.#clock.now();
    const { counts } = this.#statistics;
    const ended = counts.resolved + counts.suppressed + counts.escalated + counts.deadLettered;
    const stage = (name: Parameters<Statistics['stage']>[0], enabled: boolean, more: object = {}) => ({
      enabled,
      ...this.#statistics.stage(name),
      ...more,
    });
    const none: StageCounts = { processed: 0, byReason: {}, lastAt: null };
    const here = this.#line !== undefined;
    return {
      v: 1,
      mode: here ? 'in-process' : 'cluster',
      startedAt: this.#startedAt,
      uptimeMs: now - this.#startedAt,
      errors: { ...counts, inFlight: this.#line?.inFlight ?? 0, waiting: this.#line?.waiting ?? 0 },
      resolutionRate: ended === 0 ? null : counts.resolved / ended,
      components: {
        errorClassifier: stage('classifier', here),
        retryManager: stage('retrier', here),
        automatedFixGenerator: stage('fixer', here && this.#settings.fixes),
        escalationManager: stage('escalator', here && this.#settings.escalation, {
          mailbox: this.#escalation.mailbox.length,
        }),
        errorAnalytics: {
          ...none,
          enabled: this.#analytics !== undefined,
          processed: this.#analytics?.exportData().errors.length ?? 0,
        },
        patternRecognition: {
          ...none,
          enabled: this.#patterns !== undefined,
          processed: (this.#patterns?.getInsights().count ?? 0) + this.#unseen.length,
        },
      },
      operations: this.#operations.names.filter((name) => !name.startsWith(ONCE)),
      configuration: { file: this.#settings.configFile, ignored: this.#settings.ignored },
    };
  }

  /** The last 24 hours, live. */
  getDashboardData(): SystemDashboard {
    const { errors } = this.getStatistics();
    this.#lookForPatterns();
    return {
      v: 1,
      at: this.#clock.now(),
      line: errors,
      analytics: this.#analytics?.getDashboardData() ?? null,
      patterns: this.#patterns?.getInsights({ timeRange: '24h' }) ?? null,
      mailbox: this.#escalation.mailbox,
    };
  }

  /** The report of a period; the last 24 hours where none is given. Rejects where analytics are off. */
  async generateReport(
    options: Parameters<ErrorAnalytics['generateReport']>[0] = {},
  ): Promise<AnalyticsReport & { readonly line: LineCounts; readonly patterns: Insights['patterns'] }> {
    if (this.#analytics === undefined) {
      throw new Fault('CONFIG_INVALID', 'analytics are off, so there is nothing to report', {
        remedy: 'make the system with enableAnalytics: true',
      });
    }
    this.#lookForPatterns();
    const report = await this.#analytics.generateReport(options);
    return {
      ...report,
      line: this.#statistics.counts,
      patterns: this.#patterns?.getInsights().patterns ?? [],
    };
  }

  /** What errors are to be expected in a context; abstains, and says why, where nothing gives it the right. */
  async predictErrors(context: Readonly<Record<string, unknown>> = {}): Promise<Prediction> {
    if (this.#patterns === undefined) {
      return {
        v: 1,
        abstained: true,
        reason: 'pattern recognition is off: make the system with enablePatternRecognition: true',
        predictions: [],
        ifAny: [],
      };
    }
    this.#lookForPatterns();
    return this.#patterns.predictErrors(context);
  }

  /** Everything that is known, as a value that JSON can carry. */
  exportData(): SystemExport {
    this.#lookForPatterns();
    return exportOf({
      counts: this.#statistics.exported(),
      analytics: this.#analytics?.exportData() ?? null,
      patterns: this.#patterns?.exportData() ?? null,
    });
  }

  /** Replaces what is known by an export. Throws and changes nothing where the data is not whole. */
  importData(data: unknown): void {
    const { counts, analytics, patterns } = readExport(data);
    // both are checked before either is taken
    if (analytics !== null) new ErrorAnalytics().importData(analytics);
    if (patterns !== null) new PatternRecognition().importData(patterns);
    if (analytics !== null) this.#analytics?.importData(analytics);
    if (patterns !== null) this.#patterns?.importData(patterns);
    this.#unseen = [];
    this.#statistics.imported(counts);
  }

  /**
   * Takes no more errors, lets those in the line end for `deadlineMs`, then abandons the rest: their callers get
   * what was reached so far. Again, it is the same shutdown.
   */
  async shutdown(deadlineMs: number = SHUTDOWN_MS): Promise<void> {
    this.#shutdown ??= (async () => {
      await this.#line?.close(deadlineMs);
      const cluster = this.#cluster;
      await (await cluster?.catch(() => undefined))?.stop();
    })();
    return this.#shutdown;
  }

  async #handleHere(event: ErrorEvent, startedAt: number): Promise<Handled> {
    const line = this.#line as Pipeline;
    const coordinate = { topicId: this.#topicId, partition: 0, offset: this.#offset };
    this.#offset += 1;
    const record = openRecord(event, coordinate, startedAt, startedAt + this.#settings.deadlineMs);
    const ending = await line.submit(record);
    const escalation = ending.state === 'escalated' ? await this.#escalate(ending) : null;
    const durationMs = this.#clock.now() - startedAt;
    const succeeded = ending.record.retry?.attempts.find(({ outcome }) => outcome === 'succeeded');
    const value = succeeded === undefined ? undefined : this.#operations.takeValue(succeeded.key);
    const result = handled(ending, { escalation, value, durationMs });
    this.#remember(ending, result);
    return result;
  }

  async #escalate({ record }: Ending): Promise<HandledEscalation | null> {
    if (record.escalation === null) return null;
    const { incidentId, notices } = await this.#escalation.evaluateEscalation(record);
    for (const { channel, state } of notices) this.#log('info', `${channel}: ${state}`, { incidentId });
    return { ...record.escalation, incidentId, notices };
  }

  #remember({ ended, state, record, outcome }: Ending, result: Handled): void {
    this.#statistics.ended(ended ? countOf[state as keyof typeof countOf] : 'abandoned');
    const { event, classification } = record;
    const level = result.success || state === 'suppressed' ? 'info' : 'warn';
    this.#log(level, `${event.id} ${state}: ${result.message}`, { category: classification?.category });
    if (!ended || state === 'suppressed') return; // a duplicate is no second error
    const info = { message: event.message, type: event.type, timestamp: event.time, classification };
    const { durationMs, retry } = result;
    this.#analytics?.recordError(
      info,
      { environment: event.environment },
      {
        success: result.success,
        state,
        stage: outcome?.stage,
        durationMs,
        retry,
      },
    );
    if (this.#patterns === undefined) return;
    const { environment, repository, runner, pipeline, task, agent } = event;
    const circumstances = { environment, repository, runner, pipeline, task, agent };
    this.#unseen.push({
      ...info,
      errorType: classification?.errorType,
      context: { ...event.context, ...withoutNull(circumstances) },
    });
    if (this.#unseen.length > MAX_UNSEEN) this.#unseen = this.#unseen.slice(-MAX_UNSEEN / 2);
  }

  /** Patterns are looked for when somebody asks, not at each error. */
  #lookForPatterns(): void {
    if (this.#patterns === undefined || this.#unseen.length === 0) return;
    const unseen = this.#unseen;
    this.#unseen = [];
    void this.#patterns.analyzePatterns(unseen);
  }

  async #handOver(event: ErrorEvent, startedAt: number): Promise<Handled> {
    if (this.#shutdown !== undefined) {
      throw new Fault('STOPPED', 'the system has been shut down and takes no more errors', {
        remedy: 'make a new ErrorHandlingSystem',
      });
    }
    const local = event.rerun?.kind === 'local';
    const sent = redactEvent(local ? { ...event, rerun: null } : event, this.#redactor);
    this.#cluster ??= import('./edge/cluster.ts').then(({ openCluster }) =>
      openCluster(this.#settings.cluster as NonNullable<Settings['cluster']>),
    );
    const coordinate = await (await this.#cluster).send(sent);
    this.#statistics.ended('accepted');
    const note = local
      ? '; it cannot be run again there: give context.rerun as a Rerun of kind http, kafka or ci, since a function does not leave this process'
      : '';
    const durationMs = this.#clock.now() - startedAt;
    return accepted(
      event.id,
      coordinate,
      `the cluster has it; faultline trace ${event.id} tells on${note}`,
      durationMs,
    );
  }

  /** How the operation is run again, where the caller gave a way; a function is known until the error has ended. */
  #rerunOf(id: string, context: ErrorContext): { readonly rerun: Rerun | null; readonly forget: () => void } {
    const nothing = (): void => undefined;
    const { rerun, operation, idempotent } = context;
    if (typeof rerun === 'function') {
      const own = `${ONCE}${id}`;
      const name = this.#operations.rerunOf(own) === undefined ? own : `${own}:${this.#newId()}`;
      const options = idempotent === undefined ? {} : { idempotent };
      this.#operations.register(name, rerun, options);
      return { rerun: localRerun(name, options), forget: () => this.#operations.forget(name) };
    }
    if (rerun !== undefined && rerun !== null) return { rerun: readRerun(rerun), forget: nothing };
    const registered = typeof operation === 'string' ? this.#operations.rerunOf(operation) : undefined;
    return { rerun: registered ?? null, forget: nothing };
  }
}

/** Begin of the names of operations that were given with one error. */
const ONCE = 'once:';

const countOf = {
  resolved: 'resolved',
  suppressed: 'suppressed',
  escalated: 'escalated',
  'dead-lettered': 'deadLettered',
} as const;

function idOf({ eventId }: ErrorContext): string | undefined {
  if (eventId === undefined) return undefined;
  if (typeof eventId === 'string' && eventId !== '') return eventId;
  throw new Fault('INPUT_INVALID', 'context.eventId is no text', { remedy: 'give a text, or leave it out' });
}

/** A Rerun of the contract, with defaults where the caller left fields out. */
function readRerun(given: Partial<Rerun>): Rerun {
  const probe = { id: '-', time: 0, source: '-', message: '-', rerun: given };
  const read = readContractInput('ErrorEvent', probe);
  if (read.ok && read.value.rerun !== null) return read.value.rerun;
  throw new Fault('INPUT_INVALID', `context.${read.ok ? 'rerun is null' : problemsText(read.problems)}`, {
    remedy: 'give a function, or {kind, target, idempotent, …} as in the contract',
  });
}

const withoutNull = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

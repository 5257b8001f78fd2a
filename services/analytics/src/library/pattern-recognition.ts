import { Fault } from '@faultline/stream';
import { z } from 'zod';
import { rangeMs } from '../domain/alone/period.ts';
import type { ErrorInfo } from '../domain/alone/recorded-error.ts';
import { findPatterns, type Pattern } from '../domain/patterns/find-patterns.ts';
import { attributesOf, patternEvent, type PatternEvent } from '../domain/patterns/pattern-event.ts';

/** Options of {@link PatternRecognition}; both are on unless turned off. */
export interface PatternRecognitionOptions {
  /** Whether predictErrors may say anything. */
  readonly enableMLPrediction?: boolean;
  /** Whether events of earlier calls count in later ones. */
  readonly enableRealTimeLearning?: boolean;
  /** Events that are remembered; the oldest go first. */
  readonly maxEvents?: number;
  readonly now?: () => number;
}

/** An error as callers have it. */
export type GivenEvent = ErrorInfo & Readonly<Record<string, unknown>>;

/** What analyzePatterns gives. */
export interface PatternAnalysis {
  readonly v: 1;
  /** Events that were looked at. */
  readonly analysed: number;
  /** Questions that were asked of them; the chances are corrected for that. */
  readonly tests: number;
  readonly patterns: readonly Pattern[];
}

/** What predictErrors gives. It abstains where it has no right to a number, and says why. */
export interface Prediction {
  readonly v: 1;
  readonly abstained: boolean;
  readonly reason: string;
  /** Probability of an error of each type; none where it abstains. */
  readonly predictions: readonly { readonly errorType: string; readonly probability: number }[];
  /** If an error comes: which types errors with the attributes of this context had. No probability of an error. */
  readonly ifAny: readonly {
    readonly errorType: string;
    readonly share: number;
    readonly errors: number;
    readonly because: readonly string[];
  }[];
}

/** What getInsights gives. */
export interface Insights {
  readonly v: 1;
  readonly errorType: string | null;
  readonly timeRange: string;
  readonly count: number;
  /** Share of all remembered errors in the range; null where there is none. */
  readonly share: number | null;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Errors by hour of the day, UTC. */
  readonly byHour: readonly number[];
  readonly patterns: readonly Pattern[];
}

const exportSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('pattern-recognition'),
  events: z.array(
    z.strictObject({ at: z.number(), errorType: z.string(), attributes: z.record(z.string(), z.string()) }),
  ),
});
/** What exportData gives and importData takes. */
export type PatternExport = z.infer<typeof exportSchema>;

/** Attributes that say why a share is what it is. */
const LEAST_SUPPORT = 5;

/** Pattern recognition in memory, with no broker and no database. */
export class PatternRecognition {
  readonly #options: Required<PatternRecognitionOptions>;
  #events: readonly PatternEvent[] = [];

  constructor(options: PatternRecognitionOptions = {}) {
    this.#options = {
      enableMLPrediction: true,
      enableRealTimeLearning: true,
      maxEvents: 20_000,
      now: Date.now,
      ...options,
    };
  }

  /** Patterns of the given errors; with learning on, together with all that was given before. */
  async analyzePatterns(errorEvents: readonly GivenEvent[]): Promise<PatternAnalysis> {
    const given = errorEvents.map((event) => patternEvent(event, this.#options.now()));
    const events = this.#options.enableRealTimeLearning ? [...this.#events, ...given] : given;
    // getInsights speaks of what was analysed last, whether or not it is kept for the next analysis
    this.#events = events.slice(-this.#options.maxEvents);
    return Promise.resolve({ v: 1, analysed: this.#events.length, ...findPatterns(this.#events) });
  }

  /**
   * Abstains: how likely an error is cannot be known from errors alone, without the runs that passed. It says what
   * errors in such a context were, if one comes.
   */
  async predictErrors(context: Readonly<Record<string, unknown>> = {}): Promise<Prediction> {
    const abstained = { v: 1, abstained: true, predictions: [] } as const;
    if (!this.#options.enableMLPrediction) {
      return Promise.resolve({ ...abstained, reason: 'prediction is turned off', ifAny: [] });
    }
    if (this.#events.length === 0) {
      return Promise.resolve({ ...abstained, reason: 'no errors are known yet', ifAny: [] });
    }
    return Promise.resolve({
      ...abstained,
      reason: 'only errors are known and no runs that passed, so that there is no probability of an error',
      ifAny: this.#ifAny(attributesOf(context)),
    });
  }

  /** What is known of an error type, or of all, within a range such as `24h`. Throws INPUT_INVALID. */
  getInsights(options: { readonly errorType?: string; readonly timeRange?: string } = {}): Insights {
    const timeRange = options.timeRange ?? 'all';
    const since = this.#options.now() - rangeMs(timeRange);
    const inRange = this.#events.filter(({ at }) => at >= since);
    const own = inRange.filter(
      ({ errorType }) => options.errorType === undefined || errorType === options.errorType,
    );
    const times = own.map(({ at }) => at).toSorted((a, b) => a - b);
    const byHour = Array.from({ length: 24 }, () => 0);
    for (const at of times) {
      const hour = Math.floor(at / 3_600_000) % 24;
      byHour[hour] = (byHour[hour] ?? 0) + 1;
    }
    return {
      v: 1,
      errorType: options.errorType ?? null,
      timeRange,
      count: own.length,
      share: inRange.length === 0 ? null : own.length / inRange.length,
      firstAt: times[0] ?? null,
      lastAt: times.at(-1) ?? null,
      byHour,
      patterns: findPatterns(inRange).patterns.filter(
        ({ errorType }) => options.errorType === undefined || errorType === options.errorType,
      ),
    };
  }

  /** Everything that is known, as a value that JSON can carry. */
  exportData(): PatternExport {
    return {
      v: 1,
      kind: 'pattern-recognition',
      events: this.#events.map(({ at, errorType, attributes }) => ({
        at,
        errorType,
        attributes: { ...attributes },
      })),
    };
  }

  /** Replaces what is known by an export. Throws INPUT_INVALID and changes nothing where the data is not whole. */
  importData(data: unknown): void {
    const parsed = exportSchema.safeParse(data);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Fault(
        'INPUT_INVALID',
        `not an export of patterns: ${issue?.path.join('.')}: ${issue?.message}`,
        {
          remedy: 'import what exportData of the same version gave',
        },
      );
    }
    this.#events = parsed.data.events.slice(-this.#options.maxEvents);
  }

  #ifAny(attributes: Readonly<Record<string, string>>): Prediction['ifAny'] {
    const given = Object.entries(attributes);
    const matching = given
      .map(([name, value]) => ({
        name,
        value,
        events: this.#events.filter((event) => event.attributes[name] === value),
      }))
      .filter(({ events }) => events.length >= LEAST_SUPPORT);
    const shared = this.#events.filter((event) =>
      matching.every(({ name, value }) => event.attributes[name] === value),
    );
    const events = matching.length > 0 && shared.length >= LEAST_SUPPORT ? shared : this.#events;
    const because = events === this.#events ? [] : matching.map(({ name, value }) => `${name} = ${value}`);
    const counts = new Map<string, number>();
    for (const { errorType } of events) counts.set(errorType, (counts.get(errorType) ?? 0) + 1);
    return [...counts]
      .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, 5)
      .map(([errorType, errors]) => ({ errorType, errors, share: errors / events.length, because }));
  }
}

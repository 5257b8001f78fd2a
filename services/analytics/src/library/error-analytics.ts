import { Fault } from '@faultline/stream';
import { z } from 'zod';
import { periodOf, type Moment } from '../domain/alone/period.ts';
import {
  recordedError,
  type ErrorInfo,
  type RecordedError,
  type Resolution,
} from '../domain/alone/recorded-error.ts';
import { anomaliesOf, summarise, trendsOf, type Summary } from '../domain/alone/summary.ts';
import type { Anomaly, Trend } from '../domain/alone/trend.ts';

/** Options of {@link ErrorAnalytics}; all three are on unless turned off. */
export interface ErrorAnalyticsOptions {
  /** Live rates and the latest errors in the dashboard. */
  readonly enableRealTimeAnalytics?: boolean;
  /** Trends in reports and the dashboard. */
  readonly enableTrendAnalysis?: boolean;
  /** Unusual minutes in reports and the dashboard. */
  readonly enableAnomalyDetection?: boolean;
  /** Errors that are kept; the oldest go first. */
  readonly maxErrors?: number;
  readonly now?: () => number;
}

/** What generateReport gives. What an option turned off is null. */
export interface AnalyticsReport {
  readonly v: 1;
  readonly generatedAt: number;
  readonly period: { readonly startDate: string; readonly endDate: string };
  /** Errors that were given up for room; where there are any, the report holds only what came later. */
  readonly dropped: number;
  readonly summary: Summary;
  readonly trends: readonly Trend[] | null;
  readonly anomalies: readonly Anomaly[] | null;
}

/** What getDashboardData gives. What an option turned off is null. */
export interface DashboardData {
  readonly v: 1;
  readonly at: number;
  readonly summary: Summary;
  readonly realTime: {
    readonly lastMinute: number;
    readonly lastFiveMinutes: number;
    readonly lastHour: number;
    readonly recent: readonly RecordedError[];
  } | null;
  readonly trends: readonly Trend[] | null;
  readonly anomalies: readonly Anomaly[] | null;
}

const count = z.number().int().nonnegative();
const exportSchema = z.strictObject({
  v: z.literal(1),
  kind: z.literal('error-analytics'),
  dropped: count,
  errors: z.array(
    z.strictObject({
      at: z.number(),
      errorType: z.string(),
      category: z.string(),
      severity: z.string(),
      environment: z.string(),
      fingerprint: z.string(),
      title: z.string(),
      outcome: z.enum(['open', 'resolved', 'suppressed', 'dead-lettered', 'escalated']),
      stage: z.string().nullable(),
      durationMs: z.number().nonnegative().nullable(),
      attempts: count,
    }),
  ),
});
/** What exportData gives and importData takes. */
export type AnalyticsExport = z.infer<typeof exportSchema>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const RECENT = 50;

/** Error analytics in memory, with no broker and no database: records errors, sums them up, reports. */
export class ErrorAnalytics {
  readonly #options: Required<ErrorAnalyticsOptions>;
  #errors: RecordedError[] = [];
  #dropped = 0;

  constructor(options: ErrorAnalyticsOptions = {}) {
    this.#options = {
      enableRealTimeAnalytics: true,
      enableTrendAnalysis: true,
      enableAnomalyDetection: true,
      maxErrors: 100_000,
      now: Date.now,
      ...options,
    };
  }

  /** Records one error; what is recorded is returned. */
  recordError(
    errorInfo: ErrorInfo,
    context: Readonly<Record<string, unknown>> = {},
    resolution?: Resolution,
  ): RecordedError {
    const recorded = recordedError(errorInfo, context, resolution, this.#options.now());
    this.#errors.push(recorded);
    const over = this.#errors.length - this.#options.maxErrors;
    // room is made in steps of a tenth, since moving the whole list for each error would cost more than the error
    if (over > this.#options.maxErrors / 10 || (over > 0 && this.#options.maxErrors < 1_000)) {
      this.#errors = this.#errors.slice(over);
      this.#dropped += over;
    }
    return recorded;
  }

  /** Sums up a period; the last 24 hours where none is given. Rejects with INPUT_INVALID. */
  async generateReport(
    options: { readonly startDate?: Moment; readonly endDate?: Moment } = {},
  ): Promise<AnalyticsReport> {
    const now = this.#options.now();
    const { from, to } = periodOf(options, now);
    return Promise.resolve({
      v: 1,
      generatedAt: now,
      period: { startDate: new Date(from).toISOString(), endDate: new Date(to).toISOString() },
      dropped: this.#dropped,
      ...this.#analysed(from, to),
    });
  }

  /** The last 24 hours, live. */
  getDashboardData(): DashboardData {
    const now = this.#options.now();
    const since = (ms: number): number => this.#errors.filter(({ at }) => at > now - ms && at <= now).length;
    return {
      v: 1,
      at: now,
      realTime: this.#options.enableRealTimeAnalytics
        ? {
            lastMinute: since(HOUR_MS / 60),
            lastFiveMinutes: since(HOUR_MS / 12),
            lastHour: since(HOUR_MS),
            recent: this.#errors.slice(-RECENT).toReversed(),
          }
        : null,
      ...this.#analysed(now - DAY_MS, now),
    };
  }

  /** Everything that is known, as a value that JSON can carry. */
  exportData(): AnalyticsExport {
    return {
      v: 1,
      kind: 'error-analytics',
      dropped: this.#dropped,
      errors: this.#errors.map((error) => ({ ...error })),
    };
  }

  /** Replaces what is known by an export. Throws INPUT_INVALID and changes nothing where the data is not whole. */
  importData(data: unknown): void {
    const parsed = exportSchema.safeParse(data);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new Fault(
        'INPUT_INVALID',
        `not an export of analytics: ${issue?.path.join('.')}: ${issue?.message}`,
        {
          remedy: 'import what exportData of the same version gave',
        },
      );
    }
    this.#errors = parsed.data.errors.slice(-this.#options.maxErrors);
    this.#dropped = parsed.data.dropped + parsed.data.errors.length - this.#errors.length;
  }

  #analysed(from: number, to: number): Pick<AnalyticsReport, 'summary' | 'trends' | 'anomalies'> {
    const errors = this.#errors.filter(({ at }) => at >= from && at <= to);
    return {
      summary: summarise(errors, from, to),
      trends: this.#options.enableTrendAnalysis ? trendsOf(errors, from, to) : null,
      anomalies: this.#options.enableAnomalyDetection ? anomaliesOf(errors) : null,
    };
  }
}

export { apiComponent } from './api/api-component.ts';
export * from './config.ts';
export { durationStep, durationOf, durationQuantile, type StepCount } from './domain/durations.ts';
export type { Line } from './domain/line/line-ledger.ts';
export { ledgerComponent } from './ledger/ledger-component.ts';
export { readLine } from './ledger/read-line.ts';
export { feedbackInbox } from './sink/feedback-inbox.ts';
export { sinkInbox } from './sink/sink-inbox.ts';
export {
  ErrorAnalytics,
  type AnalyticsExport,
  type AnalyticsReport,
  type DashboardData,
  type ErrorAnalyticsOptions,
} from './library/error-analytics.ts';
export {
  PatternRecognition,
  type GivenEvent,
  type Insights,
  type PatternAnalysis,
  type PatternExport,
  type PatternRecognitionOptions,
  type Prediction,
} from './library/pattern-recognition.ts';
export type { ErrorInfo, RecordedError, Resolution } from './domain/alone/recorded-error.ts';

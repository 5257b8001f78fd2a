export {
  ErrorAnalytics,
  type AnalyticsExport,
  type AnalyticsReport,
  type DashboardData,
  type ErrorAnalyticsOptions,
  type ErrorInfo,
  type RecordedError,
  type Resolution,
} from '@faultline/analytics';

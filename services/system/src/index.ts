export {
  ErrorHandlingSystem,
  type ComponentStatistics,
  type SystemDashboard,
  type SystemParts,
  type SystemStatistics,
} from './error-handling-system.ts';
export type { ErrorHandlingSystemOptions, LogLevel } from './settings/options.ts';
export type { ErrorContext, RerunFunction } from './event/event-of-error.ts';
export type { Handled, HandledEscalation, HandledState } from './handled.ts';
export type { OperationOptions } from './line/operations.ts';
export type { SystemExport } from './export.ts';
export type { LineCounts, StageCounts } from './statistics.ts';
export * from './components.ts';
export { Fault, type BackoffStrategy, type FaultCode } from '@faultline/stream';
export type {
  Attempt,
  Classification,
  Coordinate,
  ErrorEvent,
  Escalation,
  Evidence,
  Fingerprint,
  FixProposal,
  FixState,
  OutcomeTo,
  Rerun,
  RetryState,
  Severity,
} from '@faultline/schemas';

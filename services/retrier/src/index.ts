export { createRetrierStage, type RetrierDeps, type RetrierKnowledge } from './stage.ts';
export { baselinePolicies } from './domain/baseline-policies.ts';
export type { CiLimits, ClassRule, RetryPolicies, RetryPolicy } from './domain/retry-policy.ts';
export { parseRetryPolicies } from './retry-policies.ts';
export { retrierConfigSchema, type RetrierConfig } from './config.ts';
export { createExecutors, type ExecutorPorts } from './executors.ts';
export type { Executor } from './executors/executor.ts';
export { ATTEMPT_HEADER, type Republish, type RepublishPort } from './executors/kafka.ts';
export { RetryManager, type RetryStatistics } from './retry-manager/retry-manager.ts';
export type {
  AttemptContext,
  RetriedError,
  RetryCall,
  RetryContext,
  RetryManagerOptions,
  RetryTuning,
} from './retry-manager/retry-options.ts';
export {
  CircuitOpenError,
  unwrap,
  type FailedAttempt,
  type RetryResult,
  type StopReason,
} from './retry-manager/retry-result.ts';

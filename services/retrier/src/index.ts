export { createRetrierStage, type RetrierDeps, type RetrierKnowledge } from './stage.ts';
export { baselinePolicies } from './domain/baseline-policies.ts';
export type { ClassRule, RetryPolicies, RetryPolicy } from './domain/retry-policy.ts';
export { parseRetryPolicies } from './retry-policies.ts';

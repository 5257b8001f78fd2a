import { baselinePolicies, type RetryPolicies, type RetryPolicy } from '@faultline/retrier';
import type { Settings } from '../settings/settings.ts';

/**
 * The retry policies that ship with the code, with what the caller set over them: `strategy` and `baseDelay` in
 * every policy, `maxRetries` as what a policy retries. What is never retried stays so.
 */
export function retryKnowledge({ maxRetries, baseDelay, strategy }: Settings['retry']): RetryPolicies {
  const set: Partial<RetryPolicy> = {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(baseDelay === undefined ? {} : { baseMs: baseDelay }),
    ...(strategy === undefined ? {} : { strategy }),
  };
  if (Object.keys(set).length === 0) return baselinePolicies;
  const over = (layers: RetryPolicies['byErrorType']): RetryPolicies['byErrorType'] =>
    Object.fromEntries(Object.entries(layers).map(([name, layer]) => [name, { ...layer, ...set }]));
  const { classes } = baselinePolicies;
  return {
    ...baselinePolicies,
    default: { ...baselinePolicies.default, ...set },
    byErrorType: over(baselinePolicies.byErrorType),
    byCategory: over(baselinePolicies.byCategory),
    classes:
      baseDelay === undefined ? classes : { ...classes, wait: { ...classes.wait, minimumBaseMs: baseDelay } },
  };
}

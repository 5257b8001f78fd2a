import type { ErrorRecord } from '@faultline/schemas';
import { learnedWait, type BackoffOptions, type RetryWorth } from '@faultline/stream';
import type { RetryPolicies, RetryPolicy } from './retry-policy.ts';

/** A policy as it applies to one record. */
export interface PolicyInForce {
  /** Its error type and category, for people. */
  readonly name: string;
  readonly policy: RetryPolicy;
  readonly backoff: BackoffOptions;
  readonly worth: RetryWorth | undefined;
}

/** A cap without a number of its own is a hundred times the base (Temporal). */
const CAP_FACTOR = 100;

/** `a.b.c` as `a`, `a.b`, `a.b.c`. */
const prefixes = (category: string): readonly string[] => {
  const parts = category.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
};

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** What is known about retrying such a failure: the narrowest that is known. */
export function worthOf(policies: RetryPolicies, record: ErrorRecord): RetryWorth | undefined {
  const { classification } = record;
  if (classification === null) return undefined;
  const { fingerprint, category, errorType } = classification;
  return [fingerprint.id, category, errorType]
    .map((key) => own(policies.worth, key))
    .find((worth) => worth !== undefined);
}

/**
 * The policy of a record, in layers: the default, its error type, its category from broad to narrow, and at
 * last what its retry class and the round of the ladder do to it. A whole policy comes out, so two types in
 * one job follow two policies.
 */
export function policyFor(policies: RetryPolicies, record: ErrorRecord): PolicyInForce {
  const { classification } = record;
  const errorType = classification?.errorType ?? 'UNKNOWN_ERROR';
  const category = classification?.category ?? 'unknown';
  const layers = [
    own(policies.byErrorType, errorType),
    ...prefixes(category).map((prefix) => own(policies.byCategory, prefix)),
  ];
  const layered = layers.reduce<RetryPolicy>((whole, layer) => ({ ...whole, ...layer }), policies.default);
  const rule = policies.classes[classification?.retryClass ?? 'unknown'] ?? policies.classes.unknown;
  const roundFactor = record.round > 0 ? policies.laterRoundFactor : 1;
  const baseMs = Math.max(layered.baseMs, rule.minimumBaseMs) * roundFactor;
  const policy: RetryPolicy = {
    ...layered,
    baseMs,
    maxRetries: Math.min(layered.maxRetries, rule.maxRetries ?? Infinity),
  };
  const worth = worthOf(policies, record);
  const maxMs = Math.max(baseMs, layered.maxMs ?? baseMs * CAP_FACTOR);
  const { strategy, factor, jitter } = policy;
  const learnedMs = worth === undefined ? null : learnedWait(worth);
  return {
    name: `${errorType}/${category}`,
    policy,
    backoff: { strategy, baseMs, maxMs, factor, jitter, learnedMs },
    worth,
  };
}

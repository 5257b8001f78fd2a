import { classificationRetryClassValues } from '@faultline/schemas';
import { backoffStrategies, jitters } from '@faultline/stream';
import { z } from 'zod';
import type { RetryPolicies } from './domain/retry-policy.ts';

const DAY_MS = 86_400_000;

const tally = z.strictObject({ runs: z.number().nonnegative(), successes: z.number().nonnegative() });

const worth = z.strictObject({
  byRetry: z.array(tally).max(100),
  byWait: z.array(tally).max(100),
  at: z.number().nonnegative(),
});

const policy = z.strictObject({
  strategy: z.enum(backoffStrategies),
  maxRetries: z.int().min(0).max(50), // GitHub takes 50 re-runs of one run; nothing needs more
  baseMs: z.number().positive().max(DAY_MS),
  maxMs: z.number().positive().max(DAY_MS).nullable(),
  factor: z.number().min(1).max(100),
  jitter: z.enum(jitters),
  maxElapsedMs: z.number().positive().nullable(),
});

const classRule = z.strictObject({
  maxRetries: z.int().nonnegative().nullable(),
  minimumBaseMs: z.number().nonnegative(),
});

/** A part of a policy: what is not named stays out, so that it does not cover the layer below. */
const layers = z.record(
  z.string().min(1),
  policy
    .partial()
    .transform((layer) =>
      Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)),
    ),
);

const retryPolicies = z.strictObject({
  default: policy,
  byErrorType: layers,
  byCategory: layers,
  classes: z.record(z.enum(classificationRetryClassValues), classRule),
  nonRetryableTypes: z.array(z.string().min(1)),
  ci: z.strictObject({
    lastAttempt: z.int().min(1).max(49), // GitHub takes 50 re-runs of one run
    mostFailedJobs: z.int().nonnegative(),
    maxAgeMs: z.number().positive(),
  }),
  sideEffects: z.array(z.string().regex(/^[a-z\d]+$/, 'one word in lower case')),
  laterRoundFactor: z.number().min(1),
  worthwhileRate: z.number().min(0).max(1),
  worth: z.record(z.string(), worth),
});

/** Checks a stored body of the kind `retry-policies`; throws an error that names the field. */
export function parseRetryPolicies(stored: unknown): RetryPolicies {
  const parsed = retryPolicies.safeParse(stored);
  if (!parsed.success) throw new Error(`retry-policies: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

import type { RetryPolicies } from './retry-policy.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The policies that ship with the code: three retries from one second on, and what the taxonomy says beyond. */
export const baselinePolicies: RetryPolicies = {
  default: {
    strategy: 'exponential',
    maxRetries: 3,
    baseMs: SECOND_MS,
    maxMs: null,
    factor: 2,
    jitter: 'equal',
    maxElapsedMs: null,
  },
  byErrorType: {
    RATE_LIMIT_ERROR: { baseMs: MINUTE_MS, maxMs: HOUR_MS, maxRetries: 5 },
    TIMEOUT_ERROR: { baseMs: 5 * SECOND_MS, maxRetries: 1 },
    INFRASTRUCTURE_ERROR: { baseMs: 10 * SECOND_MS },
    SERVICE_ERROR: { baseMs: 2 * SECOND_MS },
  },
  byCategory: {
    'network.dns': { baseMs: 2 * SECOND_MS },
    'remote.outage': { baseMs: 15 * SECOND_MS, factor: 3, maxMs: 30 * MINUTE_MS, maxRetries: 5 },
    'remote.blocked': { baseMs: 5 * MINUTE_MS, maxMs: HOUR_MS },
    'llm.limit': { baseMs: 20 * SECOND_MS, maxMs: HOUR_MS, maxRetries: 6 },
    'llm.overload': { baseMs: 5 * SECOND_MS, maxRetries: 5 },
    'k8s.capacity': { baseMs: MINUTE_MS, maxMs: HOUR_MS },
    'k8s.lock': { strategy: 'linear', baseMs: 30 * SECOND_MS, maxRetries: 6 },
    'iac.lock': { strategy: 'linear', baseMs: 30 * SECOND_MS, maxRetries: 6 },
    'db.contention': { strategy: 'decorrelated', baseMs: 200, maxMs: 5 * SECOND_MS, maxRetries: 5 },
    'db.down': { strategy: 'fibonacci', baseMs: 2 * SECOND_MS, maxRetries: 5 },
    'vcs.race': { strategy: 'linear', baseMs: 500, jitter: 'full' },
    'os.clock': { strategy: 'linear', baseMs: 30 * SECOND_MS },
    'os.mirror': { baseMs: 10 * SECOND_MS },
  },
  classes: {
    backoff: { maxRetries: null, minimumBaseMs: 0 },
    once: { maxRetries: 1, minimumBaseMs: 0 },
    'once-elsewhere': { maxRetries: 1, minimumBaseMs: 0 },
    wait: { maxRetries: null, minimumBaseMs: 30 * SECOND_MS },
    never: { maxRetries: 0, minimumBaseMs: 0 },
    'never-fixable': { maxRetries: 0, minimumBaseMs: 0 },
    unknown: { maxRetries: 1, minimumBaseMs: 0 },
  },
  nonRetryableTypes: ['insufficient_quota', 'SyntaxError', 'AuthenticationError', 'AbortError'],
  sideEffects: ['deploy', 'deployment', 'publish', 'migrate', 'migration', 'migrations'],
  // The numbers of pytorch's retry bot, and GitHub's limit of 30 days.
  ci: { lastAttempt: 1, mostFailedJobs: 5, maxAgeMs: 30 * 24 * HOUR_MS },
  laterRoundFactor: 4,
  worthwhileRate: 0.05,
  worth: {},
};

import {
  errorEvent,
  openRecord,
  type Classification,
  type ErrorEventInput,
  type ErrorRecord,
  type FixProposal,
  type FixState,
  type RetryState,
} from '@faultline/schemas';

/** A classification, where only what a test is about is given. */
export const classified = (part: Partial<Classification> = {}): Classification => ({
  category: 'network.dns',
  errorType: 'NETWORK_ERROR',
  severity: 'medium',
  severityReason: 'a network failure in ci',
  retryClass: 'backoff',
  tool: 'npm',
  confidence: 0.95,
  strategy: 'rule',
  ruleId: 'npm-eai-again',
  title: 'DNS lookup of registry.example failed',
  cause: 'The resolver did not answer.',
  remedy: 'Check the resolver.',
  evidence: [{ kind: 'pattern', id: 'npm-eai-again', text: 'EAI_AGAIN', line: 1, weight: null }],
  causeLine: { line: 1, text: 'npm ERR! code EAI_AGAIN' },
  symptomLine: null,
  exitLine: null,
  region: [{ first: 1, last: 2 }],
  exceptionType: null,
  frames: [],
  fingerprint: { version: 'v1', id: 'fp-dns', type: 'fp-dns-type', app: null, components: [] },
  groupKey: 'fp-dns',
  ...part,
});

/** What the retrier leaves when all its runs failed. */
export const exhausted = (part: Partial<RetryState> = {}): RetryState => ({
  policy: 'default@baseline',
  strategy: 'exponential',
  maxRetries: 3,
  attempts: [1, 2, 3].map((number) => ({
    number,
    key: `key-${number}`,
    at: 1_700_000_000_000 + number,
    outcome: 'failed',
    detail: 'HTTP 503',
    status: 503,
    durationMs: 20,
  })),
  nextAt: null,
  nextKey: null,
  backoff: null,
  decision: 'exhausted',
  reason: '3 of 3 retries failed',
  ...part,
});

/** A proposal that may be applied without a person. */
export const proposal = (part: Partial<FixProposal> = {}): FixProposal => ({
  id: 'fix-1',
  kind: 'command',
  tier: 'rule',
  ruleId: 'lockfile',
  title: 'Regenerate the lock file',
  body: 'npm install --package-lock-only',
  files: ['package-lock.json'],
  confidence: 0.95,
  risk: 'low',
  evidence: [],
  validation: ['npm ci'],
  verification: 'passed',
  ...part,
});

/** What the fixer leaves. */
export const fixed = (part: Partial<FixState> = {}): FixState => ({
  proposals: [],
  chosen: null,
  decision: 'declined',
  reason: 'no rule applies',
  ...part,
});

/** A way to run it again that harms nothing. */
export const rerun = {
  kind: 'http',
  target: 'https://ci.example/rerun',
  method: null,
  headers: {},
  body: null,
  key: null,
  idempotent: true,
  sideEffects: [],
  credentials: null,
  timeoutMs: null,
} as const;

let offset = 0;

/** A record as the fixer passes it on. */
export function unresolved(
  parts: Partial<Omit<ErrorRecord, 'event'>> = {},
  event: Partial<ErrorEventInput> = {},
): ErrorRecord {
  const receivedAt = 1_700_000_000_000;
  offset += 1;
  const opened = openRecord(
    errorEvent({
      id: `event-${offset}`,
      time: receivedAt,
      source: 'ci',
      message: 'getaddrinfo EAI_AGAIN',
      ...event,
    }),
    { topicId: 'topic', partition: 0, offset },
    receivedAt,
    receivedAt + 86_400_000,
  );
  return { ...opened, classification: classified(), retry: exhausted(), fix: fixed(), ...parts };
}

import fc from 'fast-check';
import {
  attemptOutcomeValues,
  classificationRetryClassValues,
  fixProposalKindValues,
  fixProposalRiskValues,
  fixProposalVerificationValues,
  fixStateDecisionValues,
  retryStateDecisionValues,
  type Classification,
  type FixState,
  type RetryState,
} from '@faultline/schemas';

const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 }));
const line = fc.option(fc.record({ line: fc.integer({ min: -1, max: 50 }), text }), { nil: null });

/** Any classification. */
export const arbitraryClassification: fc.Arbitrary<Classification> = fc.record({
  category: fc.constantFrom(
    'network.dns',
    'code.compile',
    'agent.loop',
    'auth.vcs',
    'dep.integrity',
    'unknown',
  ),
  errorType: fc.constantFrom('NETWORK_ERROR', 'COMPILE_ERROR', 'UNKNOWN_ERROR'),
  severity: fc.constantFrom('UNKNOWN', 'low', 'medium', 'high', 'critical'),
  severityReason: text,
  retryClass: fc.constantFrom(...classificationRetryClassValues),
  tool: fc.option(text, { nil: null }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  strategy: fc.constantFrom('rule', 'pattern', 'ml', 'none'),
  ruleId: fc.option(text, { nil: null }),
  title: text,
  cause: fc.option(text, { nil: null }),
  remedy: fc.option(text, { nil: null }),
  evidence: fc.array(
    fc.record({
      kind: text,
      id: fc.option(text, { nil: null }),
      text,
      line: fc.option(fc.nat(50), { nil: null }),
      weight: fc.constant(null),
    }),
    { maxLength: 3 },
  ),
  causeLine: line,
  symptomLine: line,
  exitLine: line,
  region: fc.array(fc.record({ first: fc.integer({ min: -5, max: 90 }), last: fc.nat(90) }), {
    maxLength: 2,
  }),
  exceptionType: fc.option(text, { nil: null }),
  frames: fc.constant([]),
  fingerprint: fc.record({
    version: fc.constant('v1'),
    id: text,
    type: text,
    app: fc.constant(null),
    components: fc.constant([]),
  }),
  groupKey: text,
});

/** Any state that retrying can leave. */
export const arbitraryRetry: fc.Arbitrary<RetryState> = fc.record({
  policy: fc.constant('default@1'),
  strategy: fc.constant('exponential'),
  maxRetries: fc.nat(5),
  attempts: fc.array(
    fc.record({
      number: fc.integer({ min: 1, max: 5 }),
      key: text,
      at: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      outcome: fc.constantFrom(...attemptOutcomeValues),
      detail: text,
      status: fc.option(fc.nat(599), { nil: null }),
      durationMs: fc.nat(60_000),
    }),
    { maxLength: 3 },
  ),
  nextAt: fc.constant(null),
  nextKey: fc.constant(null),
  backoff: fc.constant(null),
  decision: fc.constantFrom(...retryStateDecisionValues),
  reason: text,
});

/** Any state that fixing can leave. */
export const arbitraryFix: fc.Arbitrary<FixState> = fc.record({
  proposals: fc.array(
    fc.record({
      id: text,
      kind: fc.constantFrom(...fixProposalKindValues),
      tier: fc.constant('rule' as const),
      ruleId: fc.constant(null),
      title: text,
      body: text,
      files: fc.constant([]),
      confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      risk: fc.constantFrom(...fixProposalRiskValues),
      evidence: fc.constant([]),
      validation: fc.constant([]),
      verification: fc.constantFrom(...fixProposalVerificationValues),
    }),
    { maxLength: 3 },
  ),
  chosen: fc.option(text, { nil: null }),
  decision: fc.constantFrom(...fixStateDecisionValues),
  reason: text,
});

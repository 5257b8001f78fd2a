import fc from 'fast-check';
import { classificationRetryClassValues, type ErrorRecord, type RetryState } from '@faultline/schemas';
import type { InputTopic } from '@faultline/stream';
import { arbitraryRawRecord } from '@faultline/stream/testing';
import { classified } from './records.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

const classification = fc
  .record({
    category: fc.constantFrom(
      'network.dns',
      'iac.lock',
      'limit.api',
      'db.contention',
      'unknown',
      '__proto__',
      '',
    ),
    errorType: fc.constantFrom('NETWORK_ERROR', 'RATE_LIMIT_ERROR', 'UNKNOWN_ERROR', 'constructor'),
    retryClass: fc.constantFrom(...classificationRetryClassValues),
    exceptionType: fc.option(text, { nil: null }),
  })
  .map(classified);

/** State of a retry that waits, as the retrier or as anybody else could have written it. */
const scheduled = (receivedAt: number): fc.Arbitrary<RetryState> =>
  fc.record({
    policy: text,
    strategy: text,
    maxRetries: fc.nat(5),
    attempts: fc.array(
      fc.record({
        number: fc.integer({ min: 1, max: 9 }),
        key: text,
        at: fc.constant(receivedAt),
        outcome: fc.constantFrom('failed', 'unknown'),
        detail: text,
        status: fc.option(fc.nat(599), { nil: null }),
        durationMs: fc.nat(60_000),
      }),
      { maxLength: 3 },
    ),
    nextAt: fc.option(fc.integer({ min: receivedAt - 100_000, max: receivedAt + 100_000 }), { nil: null }),
    nextKey: fc.option(fc.stringMatching(/^[0-9a-f]{1,32}$/), { nil: null }),
    backoff: fc.oneof(
      fc.constant(null),
      text,
      fc.constantFrom('{}', '{"v":1}', '[]', 'null', '{"v":1,"since":1e400,"startedAt":0}'),
      fc
        .record({
          since: fc.nat(3),
          waits: fc.nat(9),
          until: fc.option(fc.constant(receivedAt + 50), { nil: null }),
        })
        .map((some) =>
          JSON.stringify({
            v: 1,
            startedAt: receivedAt,
            options: {
              strategy: 'exponential',
              baseMs: 1000,
              maxMs: 100_000,
              factor: 2,
              jitter: 'equal',
              learnedMs: null,
            },
            state: { made: some.since, memo: 0 },
            ...some,
          }),
        ),
    ),
    decision: fc.constantFrom('scheduled', 'exhausted', 'refused', 'gave-up'),
    reason: text,
  });

const withParts = (record: ErrorRecord): fc.Arbitrary<ErrorRecord> =>
  fc
    .record({
      classification: fc.option(classification, { nil: null }),
      retry: fc.option(scheduled(record.receivedAt), { nil: null }),
      round: fc.nat(2),
      lifeMs: fc.constantFrom(0, 5, 10, 4_000, 86_400_000),
    })
    .map(({ lifeMs, ...parts }) => ({ ...record, ...parts, deadline: record.receivedAt + lifeMs }));

/** Any record that can come to the retrier, with the topic that it lies on. */
export const arbitraryInput: fc.Arbitrary<{ readonly record: ErrorRecord; readonly topic: InputTopic }> =
  arbitraryRawRecord.chain(withParts).map((record) => ({
    record,
    topic: record.retry?.decision === 'scheduled' ? 'errors.delayed' : 'errors.classified',
  }));

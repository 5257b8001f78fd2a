import { describe, expect, it } from 'vitest';
import { delayTiersMs, type Classification, type ErrorEvent, type ErrorRecord } from '@faultline/schemas';
import {
  advance,
  attemptAnswer,
  baselineSnapshots,
  snapshotOf,
  type Advance,
  type Answers,
  type AttemptAnswer,
  type InputTopic,
} from '@faultline/stream';
import { stageLaws } from '@faultline/stream/testing';
import { baselinePolicies } from './domain/baseline-policies.ts';
import type { RetryPolicies } from './domain/retry-policy.ts';
import { createRetrierStage } from './stage.ts';
import { arbitraryInput } from './testing/arbitrary-records.ts';
import { classifiedRecord, DEADLINE, httpRerun, T0 } from './testing/records.ts';

const stage = createRetrierStage({ attemptTimeoutMs: 30_000 });

stageLaws({ stage, inputs: arbitraryInput, runs: 100 });

const failed: AttemptAnswer = {
  kind: 'attempt',
  state: 'failed',
  detail: 'HTTP 503',
  status: 503,
  startedAt: T0,
  durationMs: 12,
  retryAfterMs: null,
};

interface Deciding {
  readonly now?: number;
  readonly answers?: Answers;
  readonly policies?: RetryPolicies;
  readonly topic?: InputTopic;
}

function decide(record: ErrorRecord, { now = T0, answers = {}, policies, topic }: Deciding = {}): Advance {
  const input = { topic: topic ?? 'errors.classified', partition: 0, offset: 7 };
  const knowledge =
    policies === undefined
      ? baselineSnapshots(stage.knowledge)
      : { 'retry-policies': snapshotOf('7', policies) };
  return advance({ stage, record, input, answers, knowledge, now, traceparent: null });
}

/** Decides, expects a delay and returns its record. */
function delayed(
  record: ErrorRecord,
  deciding?: Deciding,
): ErrorRecord & { retry: { nextAt: number; nextKey: string } } {
  const { move, record: next } = decide(record, deciding);
  if (next?.retry?.nextAt == null || next.retry.nextKey === null) throw new Error('not scheduled');
  expect(move).toMatchObject({ kind: 'delay', notBefore: next.retry.nextAt });
  return next as ErrorRecord & { retry: { nextAt: number; nextKey: string } };
}

/** What the runtime does when a delayed record comes back: plan, answer, decide. */
function comeBack(
  record: ErrorRecord,
  answer: Partial<AttemptAnswer> | undefined,
  now: number,
  policies?: RetryPolicies,
): Advance {
  const asks = stage.plan(record, now);
  const answers =
    answer === undefined ? {} : Object.fromEntries(asks.map(({ key }) => [key, { ...failed, ...answer }]));
  return decide(record, {
    now,
    answers,
    topic: 'errors.delayed',
    ...(policies === undefined ? {} : { policies }),
  });
}

describe('what is retried', () => {
  const cases: readonly (readonly [string, Partial<ErrorEvent>, Partial<Classification>, string, string])[] =
    [
      ['a refused connection', {}, {}, 'delayed', 'scheduled'],
      [
        'an unknown failure, once',
        {},
        { retryClass: 'unknown', category: 'unknown' },
        'delayed',
        'scheduled',
      ],
      ['a compile error', {}, { retryClass: 'never-fixable' }, 'fixable', 'not-retryable'],
      ['an expired token', {}, { retryClass: 'never' }, 'fixable', 'not-retryable'],
      ['no way to run it again', { rerun: null }, {}, 'fixable', 'no-way-to-rerun'],
      ['no way, and pointless', { rerun: null }, { retryClass: 'never' }, 'fixable', 'not-retryable'],
      [
        'a barred exception',
        { type: 'insufficient_quota' },
        { retryClass: 'wait' },
        'fixable',
        'not-retryable',
      ],
      [
        'a declared deploy',
        { rerun: { ...httpRerun, idempotent: false, sideEffects: ['deploy'] } },
        {},
        'fixable',
        'side-effects',
      ],
      [
        'a declared deploy that is idempotent',
        { rerun: { ...httpRerun, idempotent: true, sideEffects: ['deploy'] } },
        {},
        'delayed',
        'scheduled',
      ],
      [
        'npm publish by its name',
        { task: 'npm publish', rerun: { ...httpRerun, idempotent: false } },
        {},
        'fixable',
        'side-effects',
      ],
      [
        'runMigrations by its name',
        { operation: 'runMigrations', rerun: { ...httpRerun, idempotent: false } },
        {},
        'fixable',
        'side-effects',
      ],
      [
        'a job whose path says deploy',
        { rerun: { ...httpRerun, idempotent: false, target: 'https://ci.example.com/deploy/3' } },
        {},
        'fixable',
        'side-effects',
      ],
      [
        'a host that says deploy',
        { rerun: { ...httpRerun, idempotent: false, target: 'https://deploy.example.com/jobs/3' } },
        {},
        'delayed',
        'scheduled',
      ],
      [
        'a test that is not idempotent',
        { task: 'unit tests', rerun: { ...httpRerun, idempotent: false } },
        {},
        'delayed',
        'scheduled',
      ],
    ];

  it.each(cases)('%s', (_name, event, classification, to, reason) => {
    const { outcome, record } = decide(classifiedRecord(event, classification));
    expect(outcome).toMatchObject({ to, reason });
    expect(record?.retry?.attempts).toEqual([]);
    expect(record?.retry?.nextAt === null).toBe(to === 'fixable');
  });

  const ci = { ...httpRerun, kind: 'ci' as const };
  it.each([
    ['attempt 1', { attempt: 1 }, 'scheduled'],
    ['attempt 2', { attempt: 2 }, 'not-retryable'],
    ['five failed jobs in the run', { context: { failedJobs: 5 } }, 'scheduled'],
    ['six failed jobs in the run', { context: { failedJobs: 6 } }, 'not-retryable'],
    ['a run of 31 days ago', { time: T0 - 31 * 86_400_000 }, 'not-retryable'],
  ])('a CI job, with %s', (_name, event, reason) => {
    expect(decide(classifiedRecord({ rerun: ci, ...event })).outcome.reason).toBe(reason);
    expect(decide(classifiedRecord(event)).outcome.reason).toBe('scheduled');
  });

  it('an unclassified record goes on, or once more where it can', () => {
    const record = { ...classifiedRecord(), classification: null };
    expect(decide(record).outcome).toMatchObject({ to: 'delayed', reason: 'scheduled' });
    expect(decide({ ...record, event: { ...record.event, rerun: null } }).outcome.reason).toBe(
      'no-way-to-rerun',
    );
  });

  it.each([
    ['backoff', 3],
    ['once', 1],
    ['once-elsewhere', 1],
    ['wait', 3],
    ['unknown', 1],
  ] as const)('class %s allows %i retries', (retryClass, maxRetries) => {
    expect(delayed(classifiedRecord({}, { retryClass })).retry.maxRetries).toBe(maxRetries);
  });
});

describe('the first delay', () => {
  it('is between half the base and the base, by the default policy', () => {
    const { retry } = delayed(classifiedRecord());
    expect(retry.nextAt - T0).toBeGreaterThanOrEqual(500);
    expect(retry.nextAt - T0).toBeLessThanOrEqual(1_000);
    expect(retry).toMatchObject({
      policy: 'NETWORK_ERROR/network.refused@baseline',
      strategy: 'exponential',
    });
  });

  it('two types in one job follow two policies', () => {
    const lock = delayed(
      classifiedRecord({}, { category: 'iac.lock', errorType: 'INFRASTRUCTURE_ERROR', retryClass: 'wait' }),
    );
    const contention = delayed(
      classifiedRecord({}, { category: 'db.contention', errorType: 'DATABASE_ERROR' }),
    );
    expect(lock.retry).toMatchObject({ strategy: 'linear', maxRetries: 6 });
    expect(lock.retry.nextAt - T0).toBeGreaterThanOrEqual(15_000);
    expect(contention.retry).toMatchObject({ strategy: 'decorrelated', maxRetries: 5 });
    expect(contention.retry.nextAt - T0).toBeLessThanOrEqual(5_000);
  });

  it('class wait waits at least half a minute, halved by jitter at most', () => {
    expect(delayed(classifiedRecord({}, { retryClass: 'wait' })).retry.nextAt - T0).toBeGreaterThanOrEqual(
      15_000,
    );
  });

  it('honours Retry-After as a minimum, and a delay of the error itself exactly', () => {
    const floor = delayed(classifiedRecord({ context: { retryAfterMs: 45_000 } }));
    expect(floor.retry.nextAt).toBe(T0 + 45_000);
    const exact = delayed(classifiedRecord({ context: { retryAfterMs: 45_000, nextRetryDelayMs: 17 } }));
    expect(exact.retry.nextAt).toBe(T0 + 17);
    const nonsense = delayed(classifiedRecord({ context: { retryAfterMs: -1, nextRetryDelayMs: 'soon' } }));
    expect(nonsense.retry.nextAt - T0).toBeLessThanOrEqual(1_000);
  });

  it('never lies beyond the deadline', () => {
    const { outcome, record } = decide(classifiedRecord({ context: { retryAfterMs: 2 * 86_400_000 } }));
    expect(outcome).toMatchObject({ to: 'fixable', reason: 'deadline' });
    expect(record?.retry?.decision).toBe('gave-up');
  });

  it('in a later round of the ladder is four times longer, and runs are counted anew', () => {
    const policies = {
      ...baselinePolicies,
      default: { ...baselinePolicies.default, jitter: 'none' as const },
    };
    const first = delayed(classifiedRecord(), { policies });
    const over = comeBack(first, { state: 'refused' }, first.retry.nextAt, policies).record;
    if (over === undefined) throw new Error('no record');
    const second = delayed({ ...over, round: 1 }, { policies });
    expect(first.retry.nextAt - T0).toBe(1_000);
    expect(second.retry.nextAt - T0).toBe(4_000);
    expect(second.retry.attempts).toHaveLength(1);
    expect(second.retry.nextKey).not.toBe(first.retry.nextKey);
    expect(second.retry.maxRetries).toBe(3);
    expect(comeBack(second, { state: 'failed' }, second.retry.nextAt, policies).outcome.reason).toBe(
      'scheduled',
    );
  });
});

describe('a delayed record', () => {
  it('carries no log, but says so and keeps the pointer', () => {
    const log = { text: 'a\nb', truncated: false, omittedLines: null, pointer: 'https://logs.example.com/1' };
    expect(delayed(classifiedRecord({ log })).event.log).toEqual({ ...log, text: '', truncated: true });
    expect(delayed(classifiedRecord({ log: { ...log, pointer: null } })).event.log).toBeNull();
  });

  it('is put back unchanged before it is due, and nothing is run', () => {
    const waiting = delayed(classifiedRecord());
    const early = waiting.retry.nextAt - 1;
    expect(stage.plan(waiting, early)).toEqual([]);
    const { move, record, outcome } = comeBack(waiting, undefined, early);
    expect(outcome).toMatchObject({ to: 'delayed', reason: 'cascaded' });
    expect(move).toMatchObject({ kind: 'delay', notBefore: waiting.retry.nextAt });
    expect(record?.retry).toEqual(waiting.retry);
  });

  it('asks for one run under its key when it is due', () => {
    const waiting = delayed(classifiedRecord());
    expect(stage.plan(waiting, waiting.retry.nextAt)).toEqual([
      { kind: 'attempt', key: waiting.retry.nextKey, rerun: httpRerun, idempotent: true, deadlineMs: 30_000 },
    ]);
    expect(stage.plan(waiting, DEADLINE)).toEqual([]);
  });

  it('asks for another runner where the class says elsewhere, never with a hostile name', () => {
    const plan = (runner: string) => {
      const waiting = delayed(classifiedRecord({ runner }, { retryClass: 'once-elsewhere' }));
      return stage.plan(waiting, waiting.retry.nextAt)[0];
    };
    expect(plan('pool-3')).toMatchObject({ rerun: { headers: { 'faultline-avoid-runner': 'pool-3' } } });
    expect(plan('x\r\nhost: evil')).toMatchObject({ rerun: { headers: {} } });
  });

  it('ends as resolved when the run succeeds', () => {
    const waiting = delayed(classifiedRecord());
    const { move, record, outcome } = comeBack(
      waiting,
      { state: 'succeeded', detail: 'HTTP 200', status: 200 },
      waiting.retry.nextAt,
    );
    expect(move).toMatchObject({ kind: 'end', state: 'resolved' });
    expect(outcome).toMatchObject({ to: 'resolved', reason: 'retry-succeeded' });
    expect(record?.retry).toMatchObject({
      decision: 'resolved',
      attempts: [{ number: 1, outcome: 'succeeded' }],
    });
  });

  it('runs exactly maxRetries times, each under a key of its own, then goes on to the fixer', () => {
    let record: ErrorRecord = delayed(classifiedRecord());
    const keys = new Set<string>();
    const delays: number[] = [];
    const reasons: unknown[] = [];
    while (record.retry?.nextAt != null) {
      const now: number = record.retry.nextAt;
      keys.add(record.retry.nextKey ?? '');
      const step = comeBack(record, { state: 'failed' }, now);
      if (step.record === undefined) throw new Error('no record');
      record = step.record;
      reasons.push(step.outcome.reason);
      if (step.move.kind === 'delay') delays.push(step.move.notBefore - now);
    }
    expect(reasons).toEqual(['scheduled', 'scheduled', 'exhausted']);
    expect(keys.size).toBe(3);
    expect(record.retry?.attempts.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(delays[0]).toBeGreaterThanOrEqual(1_000);
    expect(delays[0]).toBeLessThanOrEqual(2_000);
    expect(delays[1]).toBeGreaterThanOrEqual(2_000);
    expect(delays[1]).toBeLessThanOrEqual(4_000);
  });

  it('waits as long as the target asks', () => {
    const waiting = delayed(classifiedRecord());
    const now = waiting.retry.nextAt;
    const { move } = comeBack(waiting, { state: 'failed', status: 429, retryAfterMs: 90_000 }, now);
    expect(move).toMatchObject({ kind: 'delay', notBefore: now + 90_000 });
  });

  it('asks again under the same key, later each time, while a run has not ended', () => {
    let record: ErrorRecord = delayed(classifiedRecord());
    const key = record.retry?.nextKey;
    const waits: number[] = [];
    for (const answer of [
      undefined,
      { state: 'pending' as const },
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]) {
      const now = record.retry?.nextAt ?? 0;
      const step = comeBack(record, answer, now);
      expect(step.outcome).toMatchObject({ to: 'delayed', reason: 'waiting' });
      if (step.record === undefined || step.move.kind !== 'delay') throw new Error('not delayed');
      record = step.record;
      expect(record.retry).toMatchObject({ nextKey: key, attempts: [] });
      waits.push(step.move.notBefore - now);
    }
    expect(waits).toEqual([...delayTiersMs.slice(1, 6), 600_000, 600_000]);
  });

  it('stops waiting at the deadline', () => {
    const waiting = delayed(classifiedRecord());
    const late = comeBack(waiting, { state: 'pending' }, DEADLINE - 6_000);
    expect(late.move).toMatchObject({ kind: 'delay', notBefore: DEADLINE - 5_000 });
    expect(comeBack(waiting, { state: 'pending' }, DEADLINE - 5_000).outcome).toMatchObject({
      to: 'fixable',
      reason: 'deadline',
    });
    expect(comeBack(waiting, undefined, DEADLINE).outcome.reason).toBe('deadline');
  });

  it('takes an answer that comes at the last moment', () => {
    const waiting = delayed(classifiedRecord());
    const answers = { [waiting.retry.nextKey]: { ...failed, state: 'succeeded' as const } };
    expect(attemptAnswer(answers, waiting.retry.nextKey)).toBeDefined();
    expect(decide(waiting, { now: DEADLINE + 1, answers, topic: 'errors.delayed' }).outcome.to).toBe(
      'resolved',
    );
  });

  it.each([
    ['unknown', 'outcome-unknown', 'gave-up'],
    ['refused', 'refused', 'refused'],
  ] as const)('goes on to the fixer when the run is %s', (state, reason, decision) => {
    const waiting = delayed(classifiedRecord());
    const { outcome, record } = comeBack(waiting, { state }, waiting.retry.nextAt);
    expect(outcome).toMatchObject({ to: 'fixable', reason });
    expect(record?.retry).toMatchObject({ decision, attempts: [{ outcome: state }], nextAt: null });
  });

  it('keeps the numbers of the policy that it began with', () => {
    const waiting = delayed(classifiedRecord());
    const patient = {
      ...baselinePolicies,
      default: { ...baselinePolicies.default, baseMs: 3_600_000, maxRetries: 9 },
    };
    const { record, move } = comeBack(waiting, { state: 'failed' }, waiting.retry.nextAt, patient);
    expect(record?.retry).toMatchObject({ maxRetries: 3, policy: 'NETWORK_ERROR/network.refused@baseline' });
    if (move.kind !== 'delay') throw new Error('not delayed');
    expect(move.notBefore - waiting.retry.nextAt).toBeLessThanOrEqual(2_000);
  });
});

describe('what is known about retrying', () => {
  const never = { byRetry: [{ runs: 100, successes: 0 }], byWait: [], at: T0 };

  it('stops where retries of the cause never succeed', () => {
    const policies = { ...baselinePolicies, worth: { f1: never } };
    expect(decide(classifiedRecord(), { policies }).outcome).toMatchObject({
      to: 'fixable',
      reason: 'gave-up',
    });
  });

  it('takes what is known of the cause before what is known of its category', () => {
    const sometimes = { byRetry: [{ runs: 4, successes: 2 }], byWait: [], at: T0 };
    const policies = { ...baselinePolicies, worth: { f1: sometimes, 'network.refused': never } };
    expect(decide(classifiedRecord(), { policies }).outcome.to).toBe('delayed');
  });

  it('lets the adaptive strategy begin at the wait that used to help', () => {
    const byWait = Array.from({ length: 16 }, (_, bucket) => ({
      runs: 20,
      successes: bucket === 15 ? 20 : 0,
    }));
    const policies: RetryPolicies = {
      ...baselinePolicies,
      default: { ...baselinePolicies.default, strategy: 'adaptive', jitter: 'none' },
      worth: { f1: { byRetry: [], byWait, at: T0 } },
    };
    expect(delayed(classifiedRecord(), { policies }).retry.nextAt - T0).toBe(32_768);
  });
});

it('gives up where the policy leaves no more time', () => {
  const policies = { ...baselinePolicies, default: { ...baselinePolicies.default, maxElapsedMs: 100 } };
  expect(decide(classifiedRecord(), { policies }).outcome).toMatchObject({
    to: 'fixable',
    reason: 'gave-up',
  });
});

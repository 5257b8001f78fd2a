import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classificationRetryClassValues, type ErrorRecord, type Outcome } from '@faultline/schemas';
import { advance, baselineSnapshots, type AttemptAnswer, type InputTopic } from '@faultline/stream';
import { createRetrierStage } from './stage.ts';
import { classifiedRecord, DEADLINE, T0 } from './testing/records.ts';

const stage = createRetrierStage({ attemptTimeoutMs: 30_000 });
const knowledge = baselineSnapshots(stage.knowledge);

/** A type of what an arbitrary gives. */
type Given<A> = A extends fc.Arbitrary<infer Value> ? Value : never;

/** What happens each time that the record comes by: when, and what the target says if it is asked. */
const passes = fc.array(
  fc.record({
    /** Before 0 it comes by too early, as a record does that cascades through tiers. */
    lateMs: fc.integer({ min: -60_000, max: 7_200_000 }),
    state: fc.constantFrom(
      'succeeded',
      'failed',
      'failed',
      'failed',
      'pending',
      'unknown',
      'refused',
      'none',
    ),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 36_000_000 }), { nil: null }),
  }),
  { minLength: 1, maxLength: 60, size: 'max' },
);

/** One run that was asked for. */
interface Run {
  readonly key: string;
  readonly at: number;
  readonly notBefore: number;
}

interface Journey {
  readonly outcomes: readonly Outcome[];
  readonly runs: readonly Run[];
  readonly record: ErrorRecord;
  readonly over: boolean;
}

/** Carries a record as the runtime does, until it leaves the retrier or the passes are used up. */
function travel(start: ErrorRecord, given: Given<typeof passes>): Journey {
  let record = start;
  let topic: InputTopic = 'errors.classified';
  let [now, notBefore] = [T0, T0];
  const outcomes: Outcome[] = [];
  const runs: Run[] = [];
  for (const [index, { lateMs, state, retryAfterMs }] of given.entries()) {
    now = Math.max(now, notBefore + lateMs);
    const asks = stage.plan(record, now);
    runs.push(...asks.map(({ key }) => ({ key, at: now, notBefore: record.retry?.nextAt ?? Infinity })));
    const answer = {
      kind: 'attempt',
      detail: 'x',
      status: null,
      startedAt: now,
      durationMs: 1,
      retryAfterMs,
    } as const;
    const answers = Object.fromEntries(
      state === 'none' ? [] : asks.map(({ key }): [string, AttemptAnswer] => [key, { ...answer, state }]),
    );
    const input = { topic, partition: 0, offset: index };
    const step = advance({ stage, record, input, answers, knowledge, now, traceparent: null });
    outcomes.push(step.outcome);
    record = step.record ?? record;
    if (step.move.kind !== 'delay') return { outcomes, runs, record, over: true };
    topic = 'errors.delayed';
    notBefore = step.move.notBefore;
  }
  return { outcomes, runs, record, over: false };
}

const journeys = fc.record({
  given: passes,
  retryClass: fc.constantFrom(...classificationRetryClassValues),
  category: fc.constantFrom('network.dns', 'iac.lock', 'db.contention', 'limit.api', 'unknown'),
});

const journeyOf = ({ given, retryClass, category }: Given<typeof journeys>): Journey =>
  travel(classifiedRecord({}, { retryClass, category }), given);

const holds = (law: (journey: Journey) => void): void =>
  fc.assert(
    fc.property(journeys, (given) => law(journeyOf(given))),
    { numRuns: 300 },
  );

describe('the journey of a record through the retrier', () => {
  it('runs nothing before it is due, and nothing from the deadline on', () => {
    holds(({ runs }) => {
      expect(runs.filter(({ at, notBefore }) => at < notBefore || at >= DEADLINE)).toEqual([]);
    });
  });

  it('makes no more runs than the policy allows, each under a key of its own, all of them recorded', () => {
    holds(({ runs, record, over }) => {
      const attempts = record.retry?.attempts ?? [];
      const keys = new Set(runs.map(({ key }) => key));
      expect(keys.size).toBeLessThanOrEqual(Math.max(0, record.retry?.maxRetries ?? 0));
      expect(new Set(attempts.map(({ key }) => key)).size).toBe(attempts.length);
      expect(attempts.every(({ key }) => keys.has(key))).toBe(true);
      // A run that is recorded nowhere is one that had no end when the record left, or has none yet.
      expect(keys.size - attempts.length).toBeLessThanOrEqual(1);
      expect(over ? record.retry?.nextKey : null).toBeNull();
    });
  });

  it('has no two transitions with one id, and is delayed until it is over', () => {
    holds(({ outcomes, over }) => {
      expect(new Set(outcomes.map(({ id }) => id)).size).toBe(outcomes.length);
      expect(outcomes.slice(0, over ? -1 : undefined).every(({ to }) => to === 'delayed')).toBe(true);
    });
  });

  it('is over soon after the deadline, whatever happened', () => {
    holds(({ outcomes }) => {
      expect(outcomes.filter(({ at, to }) => to === 'delayed' && at >= DEADLINE)).toEqual([]);
    });
  });

  it('asks under one key until that run has an end', () => {
    holds(({ runs }) => {
      const inOrder = runs.map(({ key }) => key).filter((key, index, all) => key !== all[index - 1]);
      expect(new Set(inOrder).size).toBe(inOrder.length);
    });
  });
});

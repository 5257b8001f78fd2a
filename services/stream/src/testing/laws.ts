import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorRecord } from '@faultline/schemas';
import { advance, type InputTopic } from '../advance.ts';
import type { Answer, Answers, Ask } from '../ask.ts';
import { baselineSnapshots } from '../baseline-snapshots.ts';
import type { KnowledgeBodies } from '../knowledge.ts';
import type { Stage } from '../stage.ts';

/** What a law test needs to know of a stage. */
export interface LawSubject<Bodies extends KnowledgeBodies> {
  readonly stage: Stage<Bodies>;
  /** Records as they come to this stage, and the topic that they lie on. */
  readonly inputs: fc.Arbitrary<{ readonly record: ErrorRecord; readonly topic: InputTopic }>;
  readonly runs?: number;
}

/** An answer of each state that an ask can get, or none. */
function answersFor(asks: readonly Ask[], choice: number): Answers {
  const entries = asks.flatMap((ask, index): (readonly [string, Answer])[] => {
    const pick = (choice + index) % 6;
    if (ask.kind === 'claim') {
      const holder =
        pick % 2 === 0 ? ask.coordinate : { ...ask.coordinate, offset: ask.coordinate.offset + 1 };
      return [[ask.key, { kind: 'claim', holder, payloadHash: pick < 3 ? ask.payloadHash : 'another' }]];
    }
    const states = ['succeeded', 'failed', 'pending', 'unknown', 'refused'] as const;
    const state = states[pick];
    if (state === undefined) return [];
    return [
      [
        ask.key,
        {
          kind: 'attempt',
          state,
          detail: 'HTTP 503',
          status: 503,
          startedAt: 0,
          durationMs: 5,
          retryAfterMs: null,
        },
      ],
    ];
  });
  return Object.fromEntries(entries);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

/**
 * Laws of every stage: total (an answer for any record and any answers, exactly one move), deterministic
 * (the same again gives the same), input untouched (it works on frozen values), and asks that depend on the
 * record alone.
 */
export function stageLaws<Bodies extends KnowledgeBodies>(subject: LawSubject<Bodies>): void {
  const { stage, inputs } = subject;
  const knowledge = baselineSnapshots(stage.knowledge);
  const runs = { numRuns: subject.runs ?? 150 };

  describe(`laws of the ${stage.name}`, () => {
    it('is total and deterministic, and leaves its input alone', () => {
      fc.assert(
        fc.property(inputs, fc.nat(5), ({ record, topic }, choice) => {
          freeze(record);
          const now = record.receivedAt + 10;
          const asks = stage.plan(record, now);
          expect(stage.plan(record, now)).toEqual(asks);
          const answers = freeze(answersFor(asks, choice));
          const input = { topic, partition: 0, offset: record.coordinate.offset };
          const deciding = { stage, record, input, answers, knowledge, now, traceparent: null };
          const first = advance(deciding);
          expect(advance(deciding)).toEqual(first);
          expect(first.outcome.reason).toBeTruthy();
          expect(first.outcome.why).toBeTruthy();
        }),
        runs,
      );
    });

    it('keeps the coordinate, the event id and the deadline of what it passes on', () => {
      fc.assert(
        fc.property(inputs, fc.nat(5), ({ record, topic }, choice) => {
          const now = record.receivedAt + 10;
          const answers = answersFor(stage.plan(record, now), choice);
          const input = { topic, partition: 0, offset: record.coordinate.offset };
          const next = advance({ stage, record, input, answers, knowledge, now, traceparent: null }).record;
          if (next === undefined) return;
          expect(next.coordinate).toEqual(record.coordinate);
          expect(next.event.id).toBe(record.event.id);
          expect(next.deadline).toBe(record.deadline);
          expect(next.hops).toBe(record.hops + 1);
        }),
        runs,
      );
    });
  });
}

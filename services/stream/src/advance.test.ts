import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorRecord } from '@faultline/schemas';
import { advance, StageContractError, type InputTopic } from './advance.ts';
import { baselineSnapshots } from './baseline-snapshots.ts';
import type { Stage, StageOutcome } from './stage.ts';
import { arbitraryRawRecord } from './testing/index.ts';

const knowledge = { rules: { baseline: { limit: 1 }, parse: () => ({ limit: 1 }) } };

const stageThat = (decide: (record: ErrorRecord) => readonly StageOutcome[]): Stage => ({
  name: 'classifier',
  knowledge,
  plan: () => [],
  decide,
});

const move = (stage: Stage, record: ErrorRecord, topic: InputTopic = 'errors.raw') =>
  advance({
    stage,
    record,
    input: { topic, partition: 1, offset: 2 },
    answers: {},
    knowledge: baselineSnapshots(knowledge),
    now: 5,
    traceparent: null,
  });

const emit = (record: ErrorRecord): StageOutcome => ({
  kind: 'emit',
  to: 'errors.classified',
  record,
  reason: 'classified',
  why: 'because',
});

describe('advance', () => {
  it('counts the hop and writes the versions that decided on record and outcome', () => {
    fc.assert(
      fc.property(arbitraryRawRecord, (record) => {
        const { record: next, outcome } = move(
          stageThat((given) => [emit(given)]),
          record,
        );
        expect(next?.hops).toBe(record.hops + 1);
        expect(next?.versions['rules']).toMatch(/^baseline@[0-9a-f]{12}$/);
        expect(outcome.versions).toEqual(next?.versions);
        expect(outcome).toMatchObject({
          from: 'raw',
          to: 'classified',
          at: 5,
          input: { topic: 'errors.raw', partition: 1, offset: 2 },
        });
      }),
    );
  });

  it('tells the whole event on the first transition alone, and none for a dead letter', () => {
    fc.assert(
      fc.property(arbitraryRawRecord, (record) => {
        const stage = stageThat((given) => [emit(given)]);
        expect(move(stage, record).outcome.event).toEqual(record.event);
        expect(move(stage, record, 'errors.classified').outcome.event).toBeNull();
        const dead = move(
          stageThat(() => [{ kind: 'dead-letter', reason: 'invalid-event', why: 'no id' }]),
          record,
        );
        expect(dead.record).toBeUndefined();
        expect(dead.outcome).toMatchObject({ to: 'dead-lettered', event: null });
      }),
    );
  });

  it('refuses a decision with no move or with several', () => {
    fc.assert(
      fc.property(arbitraryRawRecord, (record) => {
        expect(() =>
          move(
            stageThat(() => []),
            record,
          ),
        ).toThrow(StageContractError);
        expect(() =>
          move(
            stageThat((given) => [emit(given), emit(given)]),
            record,
          ),
        ).toThrow(StageContractError);
      }),
      { numRuns: 5 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { errorEvent, openRecord, type ErrorEventInput } from '@faultline/schemas';
import { advance, baselineSnapshots, Fault, type Answers, type ClaimAsk } from '@faultline/stream';
import { arbitraryRawRecord, stageLaws } from '@faultline/stream/testing';
import { createClassifierStage } from './stage.ts';

const stage = createClassifierStage();
const knowledge = baselineSnapshots(stage.knowledge);
const at = { topicId: 'topic', partition: 0, offset: 7 };
const earlier = { ...at, offset: 3 };
const RECEIVED_AT = 1_800_000_000_000;

stageLaws({
  stage,
  inputs: arbitraryRawRecord.map((record) => ({ record, topic: 'errors.raw' as const })),
  runs: 60,
});

const recordOf = (event: Partial<ErrorEventInput>) =>
  openRecord(
    errorEvent({ id: 'e1', time: RECEIVED_AT, source: 'ci', message: 'npm error code EINTEGRITY', ...event }),
    at,
    RECEIVED_AT,
    RECEIVED_AT + 1000,
  );

function run(event: Partial<ErrorEventInput>, claim: { holder?: typeof at; payloadHash?: string } = {}) {
  const record = recordOf(event);
  const asks = stage.plan(record, RECEIVED_AT) as readonly ClaimAsk[];
  const answers: Answers = Object.fromEntries(
    asks.map((ask) => [
      ask.key,
      {
        kind: 'claim',
        holder: claim.holder ?? at,
        payloadHash: claim.payloadHash ?? ask.payloadHash,
      } as const,
    ]),
  );
  const input = { topic: 'errors.raw', partition: 0, offset: 7 } as const;
  return advance({ stage, record, input, answers, knowledge, now: RECEIVED_AT, traceparent: null });
}

describe('the classifier stage', () => {
  it('passes a classified record on', () => {
    const { move, record } = run({});
    expect(move).toMatchObject({ kind: 'emit', to: 'errors.classified', reason: 'classified' });
    expect(record?.classification).toMatchObject({
      category: 'dep.integrity',
      strategy: 'rule',
      ruleId: 'npm-integrity',
    });
  });

  it('suppresses an id that another record holds, and tells another payload from the same', () => {
    expect(run({}, { holder: earlier }).move).toMatchObject({
      kind: 'end',
      state: 'suppressed',
      reason: 'duplicate',
    });
    expect(run({}, { holder: earlier, payloadHash: 'another' }).move).toMatchObject({
      kind: 'end',
      state: 'suppressed',
      reason: 'duplicate-conflict',
    });
  });

  it('refuses to decide on a claim that nobody answered', () => {
    const record = recordOf({});
    expect(() => stage.decide(record, {}, knowledge, RECEIVED_AT, () => 0)).toThrow(Fault);
  });

  it('lets a redriven record claim an id of its own', () => {
    const [first] = stage.plan(recordOf({}), RECEIVED_AT) as readonly ClaimAsk[];
    const [again] = stage.plan(recordOf({ redriveOf: earlier }), RECEIVED_AT) as readonly ClaimAsk[];
    expect(again?.id).not.toBe(first?.id);
    expect(again?.payloadHash).toBe(first?.payloadHash);
  });

  it.each([['id'], ['source'], ['message']] as const)('dead-letters an event whose %s is empty', (field) => {
    const { move } = run({ [field]: '  ' });
    expect(move).toMatchObject({ kind: 'dead-letter', reason: 'invalid-event' });
    expect(move.why).toContain(`the field ${field} is empty`);
  });

  it('dead-letters an event whose id is a credential, since an id must stay word for word', () => {
    const { move } = run({ id: `ghp_${'a1B2'.repeat(9)}` });
    expect(move).toMatchObject({ kind: 'dead-letter', reason: 'invalid-event' });
    expect(move.why).not.toContain('ghp_');
  });

  it('holds the time of an event against the clock of the broker', () => {
    const ahead = run({ time: RECEIVED_AT + 300_001 }).record;
    expect(ahead?.clockSkewMs).toBe(300_001);
    expect(ahead?.event.time).toBe(RECEIVED_AT);
    const within = run({ time: RECEIVED_AT + 300_000 }).record;
    expect(within?.clockSkewMs).toBeNull();
    expect(within?.event.time).toBe(RECEIVED_AT + 300_000);
  });
});

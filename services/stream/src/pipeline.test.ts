import { describe, expect, it } from 'vitest';
import { errorEvent, openRecord, type ErrorRecord, type Outcome } from '@faultline/schemas';
import type { AttemptAnswer } from './ask.ts';
import { baselineSnapshots } from './baseline-snapshots.ts';
import { LocalAnswers, type LocalExecutor } from './local-answers.ts';
import { Pipeline, type PipelineOptions, type StageWithKnowledge } from './pipeline.ts';
import type { Stage, StageName, StageOutcome } from './stage.ts';
import { ManualClock, settle } from './testing/manual-clock.ts';

const stage = (
  name: StageName,
  decide: (record: ErrorRecord, answers: Parameters<Stage['decide']>[1], now: number) => StageOutcome,
  plan: Stage['plan'] = () => [],
): StageWithKnowledge => ({
  stage: {
    name,
    knowledge: {},
    plan,
    decide: (record, answers, _knowledge, now) => [decide(record, answers, now)],
  },
  knowledge: baselineSnapshots({}),
});

const passOn = {
  classifier: stage('classifier', (record) => ({
    kind: 'emit',
    to: 'errors.classified',
    record,
    reason: 'classified',
    why: 'test',
  })),
  retrier: stage('retrier', (record) => ({
    kind: 'emit',
    to: 'errors.fixable',
    record,
    reason: 'no-way-to-rerun',
    why: 'test',
  })),
  fixer: stage('fixer', (record) => ({
    kind: 'emit',
    to: 'errors.unresolved',
    record,
    reason: 'declined',
    why: 'test',
  })),
  escalator: stage('escalator', (record) => ({
    kind: 'emit',
    to: 'errors.escalated',
    record,
    reason: 'escalated',
    why: 'test',
  })),
} satisfies PipelineOptions['stages'];

/** A retrier that runs the operation again after each delay and resolves when that succeeds. */
const retrying = (delaysMs: readonly number[]): StageWithKnowledge =>
  stage(
    'retrier',
    (record, answers, now) => {
      const answer = answers[`run-${record.hops}`];
      if (answer?.kind === 'attempt' && answer.state === 'succeeded') {
        return { kind: 'end', state: 'resolved', record, reason: 'retry-succeeded', why: answer.detail };
      }
      const delayMs = delaysMs[record.hops - 1];
      if (delayMs === undefined) {
        return { kind: 'emit', to: 'errors.fixable', record, reason: 'exhausted', why: 'no delay is left' };
      }
      return { kind: 'delay', notBefore: now + delayMs, record, reason: 'scheduled', why: `${delayMs} ms` };
    },
    (record) =>
      record.hops < 2
        ? []
        : [
            {
              kind: 'attempt',
              key: `run-${record.hops}`,
              rerun: {
                kind: 'local',
                target: `deploy-${record.hops}`,
                method: null,
                headers: {},
                body: null,
                key: null,
                idempotent: true,
                sideEffects: [],
                credentials: null,
                timeoutMs: null,
              },
              idempotent: true,
              deadlineMs: 5_000,
            },
          ],
  );

let offset = 0;
const recordAt = (now: number): ErrorRecord => {
  offset += 1;
  const event = errorEvent({ id: `event-${offset}`, time: now, source: 'test', message: 'boom' });
  return openRecord(event, { topicId: 'local', partition: 0, offset }, now, now + 86_400_000);
};

function lineOf(
  stages: Partial<Record<StageName, StageWithKnowledge>> = {},
  options: Partial<PipelineOptions> & { readonly executor?: LocalExecutor } = {},
) {
  const clock = new ManualClock();
  const outcomes: Outcome[] = [];
  const executors = options.executor === undefined ? {} : { local: options.executor };
  const line = new Pipeline({
    stages: { ...passOn, ...stages },
    answerer: new LocalAnswers({ clock, executors }),
    clock,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  });
  return { clock, outcomes, line };
}

const answered = (state: AttemptAnswer['state'], detail: string): AttemptAnswer => ({
  kind: 'attempt',
  state,
  detail,
  status: null,
  startedAt: 0,
  durationMs: 1,
  retryAfterMs: null,
});

describe('the line in one process', () => {
  it('carries a record through the four stages, one outcome for each hop', async () => {
    const { line, outcomes, clock } = lineOf();
    const ending = await line.submit(recordAt(clock.now()));
    expect(ending).toMatchObject({ ended: true, state: 'escalated', record: { hops: 4 } });
    expect(outcomes.map(({ stage: name, from, to }) => `${name} ${from} ${to}`)).toEqual([
      'classifier raw classified',
      'retrier classified fixable',
      'fixer fixable unresolved',
      'escalator unresolved escalated',
    ]);
    expect(new Set(outcomes.map(({ id }) => id)).size).toBe(4);
    expect(line.inFlight).toBe(0);
  });

  it('waits out each delay, never less, and resolves when a run succeeds', async () => {
    const runs: number[] = [];
    const { line, outcomes, clock } = lineOf(
      { retrier: retrying([1_000, 2_000, 4_000]) },
      {
        executor: async () => {
          runs.push(clock.now());
          return runs.length === 2 ? answered('succeeded', 'exit 0') : answered('failed', 'exit 1');
        },
      },
    );
    const begin = clock.now();
    const submitted = line.submit(recordAt(begin));
    await clock.advance(999);
    expect(runs).toEqual([]);
    await clock.advance(10_000);
    expect(await submitted).toMatchObject({ ended: true, state: 'resolved' });
    expect(runs.map((at) => at - begin)).toEqual([1_000, 3_000]);
    expect(outcomes.map(({ to }) => to)).toEqual(['classified', 'delayed', 'delayed', 'resolved']);
  });

  it('waits in the steps that it is given, and asks the stage again after each', async () => {
    const decidedAt: number[] = [];
    let notBefore = 0;
    const retrier = stage('retrier', (record, _answers, now) => {
      decidedAt.push(now);
      if (record.hops === 1) notBefore = now + 7_500;
      return now < notBefore
        ? {
            kind: 'delay',
            notBefore,
            record,
            reason: record.hops === 1 ? 'scheduled' : 'cascaded',
            why: 'test',
          }
        : { kind: 'emit', to: 'errors.fixable', record, reason: 'exhausted', why: 'test' };
    });
    const tiers = [5_000, 1_000];
    const waitFor = (ms: number): number => tiers.find((tier) => tier <= ms) ?? ms;
    const { line, clock } = lineOf({ retrier }, { waitFor });
    const begin = clock.now();
    const submitted = line.submit(recordAt(begin));
    await clock.advance(10_000);
    expect((await submitted).record.hops).toBe(8);
    expect(decidedAt.map((at) => at - begin)).toEqual([0, 5_000, 6_000, 7_000, 7_500]);
  });

  it('goes round again where the escalator sends it back', async () => {
    const escalator = stage('escalator', (record) =>
      record.round < 2
        ? {
            kind: 'emit',
            to: 'errors.classified',
            record: { ...record, round: record.round + 1 },
            reason: 'another-round',
            why: 'test',
          }
        : { kind: 'emit', to: 'errors.escalated', record, reason: 'escalated', why: 'test' },
    );
    const { line, outcomes, clock } = lineOf({ escalator });
    expect(await line.submit(recordAt(clock.now()))).toMatchObject({
      state: 'escalated',
      record: { round: 2 },
    });
    expect(outcomes).toHaveLength(1 + 3 * 3);
  });

  it('dead-letters the record that a stage throws for, and goes on with the next', async () => {
    let calls = 0;
    const fixer = stage('fixer', (record) => {
      calls += 1;
      if (calls === 1) throw new TypeError('frames is undefined');
      return { kind: 'emit', to: 'errors.unresolved', record, reason: 'declined', why: 'test' };
    });
    const { line, outcomes, clock } = lineOf({ fixer });
    expect(await line.submit(recordAt(clock.now()))).toMatchObject({ ended: true, state: 'dead-lettered' });
    expect(outcomes.at(-1)).toMatchObject({
      stage: 'fixer',
      to: 'dead-lettered',
      reason: 'unexpected-exception',
      why: 'TypeError: frames is undefined',
    });
    expect(await line.submit(recordAt(clock.now()))).toMatchObject({ state: 'escalated' });
  });

  it('holds no more than it may: the rest waits, and one too many is refused', async () => {
    const { line, clock } = lineOf({ retrier: retrying([1_000]) }, { maxInFlight: 2, maxWaiting: 1 });
    const submitted = [1, 2, 3].map(async () => line.submit(recordAt(clock.now())));
    await settle();
    expect([line.inFlight, line.waiting]).toEqual([2, 1]);
    await expect(line.submit(recordAt(clock.now()))).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
    });
    await clock.advance(10_000);
    expect((await Promise.all(submitted)).map(({ state }) => state)).toEqual(Array(3).fill('escalated'));
    expect([line.inFlight, line.waiting]).toEqual([0, 0]);
  });

  it('lets what is in the line end when it closes, and abandons what is late', async () => {
    const { line, clock } = lineOf({
      retrier: stage('retrier', (record, _answers, now) =>
        record.hops === 1
          ? {
              kind: 'delay',
              notBefore: now + (record.event.id === 'late' ? 60_000 : 1_000),
              record,
              reason: 'scheduled',
              why: 'test',
            }
          : { kind: 'emit', to: 'errors.fixable', record, reason: 'exhausted', why: 'test' },
      ),
    });
    const soon = line.submit(recordAt(clock.now()));
    const record = recordAt(clock.now());
    const late = line.submit({ ...record, event: { ...record.event, id: 'late' } });
    await settle();
    const closed = line.close(5_000);
    await expect(line.submit(recordAt(clock.now()))).rejects.toMatchObject({ code: 'STOPPED' });
    await clock.advance(5_000);
    await closed;
    expect(await soon).toMatchObject({ ended: true, state: 'escalated' });
    expect(await late).toMatchObject({ ended: false, state: 'delayed', record: { event: { id: 'late' } } });
    expect(clock.nextAt).toBeUndefined();
  });

  it('leaves no listener behind, however many records wait', async () => {
    const { line, clock } = lineOf({ retrier: retrying([1_000]) });
    const submitted = Array.from({ length: 200 }, async () => line.submit(recordAt(clock.now())));
    await clock.advance(10_000);
    await Promise.all(submitted);
    expect(line.inFlight).toBe(0);
    expect(clock.nextAt).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import type { AttemptAnswer, AttemptAsk, ClaimAsk } from './ask.ts';
import { LocalAnswers } from './local-answers.ts';
import { ManualClock, settle } from './testing/manual-clock.ts';

const never = new AbortController().signal;

const claim = (id: string, offset: number, payloadHash = 'same'): ClaimAsk => ({
  kind: 'claim',
  key: 'claim',
  claim: 'event',
  id,
  coordinate: { topicId: 'local', partition: 0, offset },
  payloadHash,
});

const attempt = (key: string): AttemptAsk => ({
  kind: 'attempt',
  key,
  rerun: {
    kind: 'local',
    target: 'deploy',
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
  deadlineMs: 1_000,
});

const done = (detail: string): AttemptAnswer => ({
  kind: 'attempt',
  state: 'succeeded',
  detail,
  status: 0,
  startedAt: 0,
  durationMs: 1,
  retryAfterMs: null,
});

describe('answers from memory', () => {
  it('gives an id to whoever claims it first, for seven days', async () => {
    const clock = new ManualClock();
    const answers = new LocalAnswers({ clock, executors: {} });
    const holder = async (ask: ClaimAsk): Promise<unknown> => (await answers.answer([ask], never))['claim'];
    expect(await holder(claim('a', 1))).toMatchObject({ holder: { offset: 1 } });
    expect(await holder(claim('a', 2, 'other'))).toMatchObject({
      holder: { offset: 1 },
      payloadHash: 'same',
    });
    await clock.advance(7 * 86_400_000);
    expect(await holder(claim('a', 3))).toMatchObject({ holder: { offset: 3 } });
  });

  it('forgets the oldest claims beyond its bound', async () => {
    const answers = new LocalAnswers({ clock: new ManualClock(), executors: {}, maxClaims: 2 });
    for (const [index, id] of ['a', 'b', 'c'].entries()) await answers.answer([claim(id, index)], never);
    expect((await answers.answer([claim('c', 9)], never))['claim']).toMatchObject({ holder: { offset: 2 } });
    expect((await answers.answer([claim('a', 9)], never))['claim']).toMatchObject({ holder: { offset: 9 } });
  });

  it('runs once for a key, says pending past the deadline, and keeps the answer', async () => {
    const clock = new ManualClock();
    let runs = 0;
    const answers = new LocalAnswers({
      clock,
      executors: {
        local: async () => {
          runs += 1;
          await new Promise<void>((resolve) => clock.after(1_500, resolve));
          return done(`run ${runs}`);
        },
      },
    });
    const first = answers.answer([attempt('k')], never);
    await clock.advance(1_000);
    expect((await first)['k']).toMatchObject({ state: 'pending' });
    const second = answers.answer([attempt('k')], never);
    await clock.advance(1_000);
    expect((await second)['k']).toMatchObject({ state: 'succeeded', detail: 'run 1' });
    expect((await answers.answer([attempt('k')], never))['k']).toMatchObject({ detail: 'run 1' });
    expect(runs).toBe(1);
    expect(clock.nextAt).toBeUndefined();
  });

  it('turns what an executor throws into a failed run', async () => {
    const answers = new LocalAnswers({
      clock: new ManualClock(),
      executors: {
        local: async () => {
          await settle();
          throw new RangeError('port 70000');
        },
      },
    });
    expect((await answers.answer([attempt('k')], never))['k']).toMatchObject({
      state: 'failed',
      detail: 'RangeError: port 70000',
    });
  });

  it('tells each run when the line gives up', async () => {
    const line = new AbortController();
    const answers = new LocalAnswers({
      clock: new ManualClock(),
      executors: {
        local: async (_ask, signal) =>
          new Promise((resolve) => signal.addEventListener('abort', () => resolve(done('gave up')))),
      },
    });
    const asked = [attempt('a'), attempt('b')].map(async (ask) => answers.answer([ask], line.signal));
    await settle();
    line.abort();
    expect((await Promise.all(asked)).map((answer) => Object.values(answer)[0])).toMatchObject([
      { detail: 'gave up' },
      { detail: 'gave up' },
    ]);
  });

  it('refuses a kind that nobody runs', async () => {
    const answers = new LocalAnswers({ clock: new ManualClock(), executors: {} });
    expect((await answers.answer([attempt('k')], never))['k']).toMatchObject({ state: 'refused' });
  });
});

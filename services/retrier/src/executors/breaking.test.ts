import { describe, expect, it } from 'vitest';
import { breakerDefaults, type AttemptAnswer, type AttemptAsk } from '@faultline/stream';
import { httpRerun } from '../testing/records.ts';
import { withBreaker } from './breaking.ts';

const ask = (target: string): AttemptAsk => ({
  kind: 'attempt',
  key: 'key-1',
  rerun: { ...httpRerun, target },
  idempotent: true,
  deadlineMs: 1_000,
});
const never = new AbortController().signal;

describe('an executor behind breakers', () => {
  function subject() {
    let now = 0;
    let state: AttemptAnswer['state'] = 'failed';
    let calls = 0;
    const changes: string[] = [];
    const executor = withBreaker(
      async () => {
        calls += 1;
        return {
          kind: 'attempt',
          state,
          detail: '',
          status: null,
          startedAt: now,
          durationMs: 0,
          retryAfterMs: null,
        };
      },
      breakerDefaults,
      () => now,
      (target, kind) => changes.push(`${target} ${kind}`),
    );
    return {
      executor,
      changes,
      calls: () => calls,
      heal: () => (state = 'succeeded'),
      at: (ms: number) => (now = ms),
    };
  }

  it('sends nothing to a target that keeps failing, and uses up no retry', async () => {
    const { executor, calls, heal, at, changes } = subject();
    for (let call = 0; call < 10; call += 1) await executor(ask('https://a.example.com/1'), never);
    expect(calls()).toBe(10);
    expect(await executor(ask('https://a.example.com/2'), never)).toMatchObject({
      state: 'pending',
      retryAfterMs: 60_000,
    });
    expect(calls()).toBe(10);
    heal();
    expect(await executor(ask('https://b.example.com/'), never)).toMatchObject({ state: 'succeeded' });
    at(60_000);
    for (let probe = 0; probe < 10; probe += 1) {
      expect(await executor(ask('https://a.example.com/3'), never)).toMatchObject({ state: 'succeeded' });
    }
    expect(changes).toEqual([
      'http:a.example.com open',
      'http:a.example.com half-open',
      'http:a.example.com closed',
    ]);
  });
});

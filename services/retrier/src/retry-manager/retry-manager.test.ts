import { describe, expect, it } from 'vitest';
import { RetryManager } from './retry-manager.ts';
import type { RetryManagerOptions } from './retry-options.ts';
import { CircuitOpenError, unwrap } from './retry-result.ts';

/** A manager on a clock that its own waits move; `jitter: 'none'` unless told, so that delays are exact. */
function subject(options: RetryManagerOptions = {}) {
  let now = 1_000_000;
  const waits: number[] = [];
  const manager = new RetryManager({
    jitter: 'none',
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
    ...options,
  });
  return { manager, waits, pass: (ms: number) => (now += ms), now: () => now };
}

const status = (code: number): Error & { status: number } =>
  Object.assign(new Error(`HTTP ${code}`), { status: code });

/** Fails so often, then gives its number of calls. */
function failing(times: number, error: unknown = status(503)) {
  let calls = 0;
  return () => {
    calls += 1;
    if (calls <= times) throw error;
    return calls;
  };
}

describe('how often', () => {
  it.each([
    // maxRetries, failures before success, success, attempts, retries
    [0, 0, true, 1, 0],
    [0, 1, false, 1, 0],
    [1, 1, true, 2, 1],
    [1, 2, false, 2, 1],
    [3, 0, true, 1, 0],
    [3, 1, true, 2, 1],
    [3, 3, true, 4, 3],
    [3, 4, false, 4, 3],
    [3, 99, false, 4, 3],
  ])(
    'maxRetries %i, %i failures: success %s after %i attempts, %i retries',
    async (maxRetries, times, success, attempts, retries) => {
      const { manager } = subject({ maxRetries });
      const outcome = await manager.executeWithRetry(failing(times));
      expect(outcome).toMatchObject({ success, attempts, retries });
      expect(outcome.result).toBe(success ? attempts : undefined);
      expect(outcome.stopReason).toBe(success ? undefined : 'exhausted');
      expect(outcome.failures).toHaveLength(Math.min(times, attempts));
    },
  );

  it('by default is three retries from one second on', async () => {
    const { manager, waits } = subject();
    const outcome = await manager.executeWithRetry(failing(99));
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(outcome).toMatchObject({ attempts: 4, retries: 3, totalDelay: 7_000, duration: 7_000 });
  });

  it('by default spreads each delay between its half and its whole', async () => {
    const { manager, waits } = subject({ jitter: 'equal' });
    await manager.executeWithRetry(failing(99));
    expect(waits[0]).toBeGreaterThanOrEqual(500);
    expect(waits[0]).toBeLessThanOrEqual(1_000);
    const low = subject({ jitter: 'equal', random: () => 0 });
    await low.manager.executeWithRetry(failing(99));
    expect(low.waits).toEqual([500, 1_000, 2_000]);
  });

  it.each([
    ['exponential', [2_000, 4_000, 8_000, 16_000, 32_000]],
    ['linear', [2_000, 4_000, 6_000, 8_000, 10_000]],
    ['fibonacci', [2_000, 2_000, 4_000, 6_000, 10_000]],
    ['adaptive', [2_000, 4_000, 8_000, 16_000, 32_000]],
  ] as const)('%s waits %j', async (strategy, expected) => {
    const { manager, waits } = subject({ maxRetries: 5, baseDelay: 2_000, strategy });
    await manager.executeWithRetry(failing(99));
    expect(waits).toEqual(expected);
  });
});

describe('as the seed calls it', () => {
  it('takes the strategy and the error type of the call', async () => {
    const { manager, waits } = subject({ maxRetries: 3, baseDelay: 1000, strategy: 'exponential' });
    const outcome = await manager.executeWithRetry(failing(2), {
      strategy: 'adaptive',
      context: { errorType: 'NETWORK_ERROR' },
    });
    expect(outcome).toMatchObject({ success: true, result: 3 });
    expect(waits).toEqual([1_000, 2_000]);
    expect(Object.keys(manager.getStatistics().learned)).toEqual(['NETWORK_ERROR']);
  });

  it('asks retryCondition with the attempts made and tells onRetry the retry to come', async () => {
    const { manager } = subject({ maxRetries: 5, baseDelay: 2000, strategy: 'fibonacci' });
    const lines: string[] = [];
    const outcome = await manager.executeWithRetry(failing(99), {
      retryCondition: (error, attempt) => error.status >= 500 && attempt < 3,
      onRetry: (_error, attempt, delay) => void lines.push(`Retry attempt ${attempt} after ${delay}ms`),
    });
    expect(lines).toEqual(['Retry attempt 1 after 2000ms', 'Retry attempt 2 after 2000ms']);
    expect(outcome).toMatchObject({ success: false, attempts: 3, retries: 2, stopReason: 'condition' });
  });

  it('does not retry what the condition refuses', async () => {
    const { manager, waits } = subject();
    const outcome = await manager.executeWithRetry(failing(99, status(404)), {
      retryCondition: async (error) => error.status >= 500,
    });
    expect(outcome).toMatchObject({ attempts: 1, stopReason: 'condition' });
    expect(waits).toEqual([]);
  });

  it('runs with no options at all, on the clock of the machine', async () => {
    expect(await new RetryManager().executeWithRetry(async () => 'value')).toMatchObject({
      success: true,
      result: 'value',
    });
    const outcome = await new RetryManager({ baseDelay: 1 }).executeWithRetry(failing(2));
    expect(outcome).toMatchObject({ success: true, result: 3 });
  });

  it('gives the value or the error by unwrap', async () => {
    const { manager } = subject({ maxRetries: 0 });
    const error = status(500);
    expect(unwrap(await manager.executeWithRetry(() => 7))).toBe(7);
    const outcome = await manager.executeWithRetry(failing(1, error));
    expect(() => unwrap(outcome)).toThrow(error);
  });

  it('survives what is thrown that is no error', async () => {
    const { manager } = subject({ maxRetries: 1 });
    const seen: unknown[] = [];
    const outcome = await manager.executeWithRetry(failing(99, null), {
      retryCondition: (error) => error.status === undefined,
      onRetry: (error) => void seen.push(error.message),
    });
    expect(outcome).toMatchObject({ success: false, attempts: 2, error: null });
    expect(seen).toEqual(['null']);
  });

  it('rejects for what a callback throws', async () => {
    const { manager } = subject();
    const broken = () => {
      throw new Error('broken callback');
    };
    await expect(manager.executeWithRetry(failing(1), { onRetry: broken })).rejects.toThrow(
      'broken callback',
    );
    await expect(manager.executeWithRetry(failing(1), { retryCondition: broken })).rejects.toThrow(
      'broken callback',
    );
  });
});

describe('which errors', () => {
  it.each([
    ['its own word', Object.assign(new Error('x'), { retryable: false })],
    ['a quota that is used up', Object.assign(status(429), { code: 'insufficient_quota' })],
    [
      'a quota in the body of the answer',
      Object.assign(status(429), { error: { type: 'insufficient_quota' } }),
    ],
    ['a mistake in the program', new SyntaxError('x')],
    ['a name of the configuration', Object.assign(new Error('x'), { name: 'ValidationError' })],
    ['a code of the configuration', Object.assign(new Error('x'), { code: 'ENOENT' })],
  ])('are not retried: %s', async (_why, error) => {
    const { manager } = subject({ nonRetryableErrors: ['ValidationError', 'ENOENT'] });
    expect(await manager.executeWithRetry(failing(1, error))).toMatchObject({
      attempts: 1,
      stopReason: 'not-retryable',
      error,
    });
  });

  it('of a type of the configuration are not retried either', async () => {
    const { manager } = subject({ nonRetryableErrors: ['AUTHENTICATION_ERROR'] });
    const call = { context: { errorType: 'AUTHENTICATION_ERROR' } };
    expect((await manager.executeWithRetry(failing(1), call)).stopReason).toBe('not-retryable');
  });

  it('of two types follow two policies', async () => {
    const policies = { RATE_LIMIT_ERROR: { baseDelay: 60_000, maxRetries: 1, strategy: 'linear' as const } };
    const { manager, waits } = subject({ policies });
    await manager.executeWithRetry(failing(99), { context: { errorType: 'RATE_LIMIT_ERROR' } });
    await manager.executeWithRetry(failing(99), { context: { errorType: 'NETWORK_ERROR' } });
    await manager.executeWithRetry(failing(99), { context: { errorType: 'constructor' }, maxRetries: 1 });
    expect(waits).toEqual([60_000, 1_000, 2_000, 4_000, 1_000]);
  });
});

describe('what an error wishes for the next delay', () => {
  it.each([
    [{ retryAfterMs: 5_000 }, 5_000],
    [{ retryAfterMs: 10 }, 1_000],
    [{ retryAfter: 7 }, 7_000],
    [{ headers: { 'Retry-After': '9' } }, 9_000],
    [{ response: { headers: new Headers({ 'retry-after': '11' }) } }, 11_000],
    [{ headers: { 'retry-after': new Date(1_000_000 + 30_000).toUTCString() } }, 30_000],
    [{ headers: { 'retry-after': 'soon' } }, 1_000],
    [{ nextRetryDelay: 17, retryAfterMs: 5_000 }, 17],
    [{ nextRetryDelay: 0 }, 0],
    [{ nextRetryDelay: -1 }, 1_000],
    [{ retryAfter: Infinity }, 1_000],
  ])('%o waits %i ms', async (fields, expected) => {
    const { manager, waits } = subject({ maxRetries: 1 });
    await manager.executeWithRetry(failing(1, Object.assign(status(429), fields)));
    expect(waits).toEqual([expected]);
  });
});

describe('an AbortSignal', () => {
  it('that has fired calls nothing', async () => {
    const { manager } = subject();
    const outcome = await manager.executeWithRetry(failing(0), { signal: AbortSignal.abort('stop') });
    expect(outcome).toMatchObject({ success: false, attempts: 0, stopReason: 'aborted', error: 'stop' });
  });

  it('ends a wait at once', async () => {
    const controller = new AbortController();
    const manager = new RetryManager({ baseDelay: 3_600_000 });
    const outcome = await manager.executeWithRetry(failing(99), {
      signal: controller.signal,
      onRetry: () => void setTimeout(() => controller.abort(new Error('shutting down')), 5),
    });
    expect(outcome).toMatchObject({ attempts: 1, stopReason: 'aborted', totalDelay: 0 });
    expect(String(outcome.error)).toContain('shutting down');
  });

  it('ends an operation that does not look at it, and does not retry', async () => {
    const controller = new AbortController();
    const { manager } = subject();
    setTimeout(() => controller.abort(), 5);
    const outcome = await manager.executeWithRetry(() => new Promise(() => undefined), {
      signal: controller.signal,
    });
    expect(outcome).toMatchObject({ attempts: 1, stopReason: 'aborted' });
  });

  it('reaches the operation, with the number of the attempt', async () => {
    const controller = new AbortController();
    const { manager } = subject();
    const seen: unknown[] = [];
    await manager.executeWithRetry(
      ({ attempt, signal }) => {
        seen.push([attempt, signal === controller.signal]);
        if (attempt < 3) throw status(500);
      },
      { signal: controller.signal },
    );
    expect(seen).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
  });
});

describe('the breaker', () => {
  const call = { context: { operation: 'database_query' }, maxRetries: 0 };

  it('stops calling an operation that keeps failing, and tries again after a minute', async () => {
    const { manager, pass } = subject();
    let calls = 0;
    const broken = () => {
      calls += 1;
      throw status(500);
    };
    for (let index = 0; index < 10; index += 1) await manager.executeWithRetry(broken, call);
    const outcome = await manager.executeWithRetry(broken, call);
    expect(outcome).toMatchObject({ success: false, attempts: 0, stopReason: 'circuit-open' });
    expect(outcome.error).toBeInstanceOf(CircuitOpenError);
    expect((outcome.error as CircuitOpenError).retryAfterMs).toBe(60_000);
    expect(calls).toBe(10);
    expect(manager.getStatistics().circuits).toEqual({ database_query: 'open' });
    pass(60_000);
    for (let probe = 0; probe < 10; probe += 1) {
      expect((await manager.executeWithRetry(() => 'up', call)).success).toBe(true);
    }
    expect(manager.getStatistics().circuits).toEqual({ database_query: 'closed' });
  });

  it('leaves other operations, and calls that name none, alone', async () => {
    const { manager } = subject();
    for (let index = 0; index < 20; index += 1) {
      await manager.executeWithRetry(failing(1), call);
      await manager.executeWithRetry(failing(1), { maxRetries: 0 });
    }
    expect((await manager.executeWithRetry(() => 1, { context: { operation: 'other' } })).success).toBe(true);
    expect((await manager.executeWithRetry(() => 1)).success).toBe(true);
  });

  it('can be switched off, and tuned', async () => {
    const off = subject({ circuitBreaker: false }).manager;
    for (let index = 0; index < 20; index += 1) await off.executeWithRetry(failing(1), call);
    expect((await off.executeWithRetry(() => 1, call)).success).toBe(true);
    const quick = subject({ circuitBreaker: { minimumCalls: 2 } }).manager;
    const retrying = { ...call, maxRetries: 5 };
    const outcome = await quick.executeWithRetry(failing(99), retrying);
    expect(outcome).toMatchObject({ attempts: 2, stopReason: 'circuit-open' });
    expect(String(outcome.error)).toContain('HTTP 503');
  });
});

describe('the retry budget', () => {
  it('bounds a total outage to 1.1 times the calls, after its reserve of ten', async () => {
    const { manager } = subject({ retryBudget: true });
    let attempts = 0;
    for (let index = 0; index < 2_000; index += 1) {
      attempts += (await manager.executeWithRetry(failing(99))).attempts;
    }
    expect(attempts).toBe(2_000 * 1.1 + 10);
    expect(manager.getStatistics().byStopReason.budget).toBeGreaterThan(1_900);
  });
});

describe('the adaptive strategy', () => {
  const call = { strategy: 'adaptive', context: { errorType: 'NETWORK_ERROR' } } as const;

  it('begins at the wait after which such failures used to be over', async () => {
    const { manager, waits, now } = subject({ baseDelay: 1_000, maxRetries: 8 });
    for (let outage = 0; outage < 10; outage += 1) {
      const over = now() + 20_000;
      await manager.executeWithRetry(() => {
        if (now() < over) throw status(503);
      }, call);
    }
    const before = waits.length;
    await manager.executeWithRetry(failing(1), call);
    expect(waits[0]).toBe(1_000);
    expect(waits[before]).toBe(32_768);
  });

  it('stops retrying what never succeeds, for this type alone', async () => {
    const { manager } = subject({ maxRetries: 1 });
    const retries: number[] = [];
    for (let index = 0; index < 100; index += 1) {
      retries.push((await manager.executeWithRetry(failing(99), call)).retries);
    }
    // Wilson's upper bound for 0 of 73 is the first below 5 %.
    expect(retries.filter((count) => count === 1)).toHaveLength(73);
    expect((await manager.executeWithRetry(failing(99), call)).stopReason).toBe('not-worthwhile');
    const other = { ...call, context: { errorType: 'TIMEOUT_ERROR' } };
    expect((await manager.executeWithRetry(failing(1), other)).success).toBe(true);
  });

  it('takes over what another manager learned, and learns nothing where told', async () => {
    const teacher = subject({ maxRetries: 1 });
    for (let index = 0; index < 80; index += 1) await teacher.manager.executeWithRetry(failing(99), call);
    const pupil = subject({ maxRetries: 1 });
    pupil.manager.importLearning(structuredClone(teacher.manager.getStatistics().learned));
    expect((await pupil.manager.executeWithRetry(failing(1), call)).stopReason).toBe('not-worthwhile');
    const still = subject({ maxRetries: 1, enableLearning: false });
    for (let index = 0; index < 80; index += 1) await still.manager.executeWithRetry(failing(99), call);
    expect(still.manager.getStatistics().learned).toEqual({});
  });
});

describe('options that are wrong', () => {
  it.each([
    [{ maxRetries: -1 }, 'maxRetries'],
    [{ maxRetries: 1.5 }, 'maxRetries'],
    [{ baseDelay: NaN }, 'baseDelay'],
    [{ maxDelay: Infinity }, 'maxDelay'],
    [{ factor: 0 }, 'factor'],
    [{ strategy: 'eager' as never }, 'strategy'],
    [{ jitter: 'much' as never }, 'jitter'],
    [{ policies: { A: { maxRetries: -1 } } }, 'maxRetries'],
  ])('%o names %s', (options, name) => {
    expect(() => new RetryManager(options)).toThrow(name);
  });

  it('of a call reject, and so does an operation that is none', async () => {
    const { manager } = subject();
    await expect(manager.executeWithRetry(() => 1, { maxRetries: -1 })).rejects.toThrow('maxRetries');
    await expect(manager.executeWithRetry('x' as never)).rejects.toThrow('function');
  });
});

it('counts what it did', async () => {
  const { manager } = subject();
  await manager.executeWithRetry(failing(1));
  await manager.executeWithRetry(failing(99));
  expect(manager.getStatistics()).toMatchObject({
    calls: 2,
    successes: 1,
    failures: 1,
    retries: 4,
    byStopReason: { exhausted: 1 },
  });
});

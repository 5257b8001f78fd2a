import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock, settle } from '@faultline/stream/testing';
import { ErrorHandlingSystem, type ErrorHandlingSystemOptions } from './index.ts';

const systems: ErrorHandlingSystem[] = [];
afterEach(async () => {
  await Promise.all(systems.splice(0).map(async (system) => system.shutdown(0)));
});

function systemOf(options: ErrorHandlingSystemOptions = {}) {
  const clock = new ManualClock();
  let count = 0;
  const logged: string[] = [];
  const system = new ErrorHandlingSystem(
    { configFile: false, env: {}, ...options },
    {
      clock,
      newId: () => {
        count += 1;
        return `id-${count}`;
      },
      log: (level, message) => logged.push(`${level} ${message}`),
    },
  );
  systems.push(system);
  return { system, clock, logged };
}

const refused = (): Error =>
  Object.assign(new Error('connect ECONNREFUSED 10.0.0.5:5432'), { code: 'ECONNREFUSED' });

/** Moves the clock until the promise is settled. */
async function through<T>(clock: ManualClock, promise: Promise<T>): Promise<T> {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  for (let round = 0; round < 1_000; round += 1) {
    await settle();
    if (done) break;
    await clock.advance(Math.max(1, (clock.nextAt ?? clock.now()) - clock.now()));
  }
  return promise;
}

describe('an error, driven to its end', () => {
  it('is resolved by running the operation again, and the value comes back', async () => {
    const { system, clock } = systemOf();
    let runs = 0;
    const result = await through(
      clock,
      system.handleError(refused(), {
        operation: 'load-users',
        environment: 'production',
        rerun: () => {
          runs += 1;
          if (runs < 2) throw refused();
          return ['ada'];
        },
      }),
    );
    expect(result).toMatchObject({
      success: true,
      state: 'resolved',
      value: ['ada'],
      retry: { decision: 'resolved', attempts: [{ outcome: 'failed' }, { outcome: 'succeeded' }] },
      escalation: null,
    });
    expect(result.classification).toMatchObject({ retryClass: 'backoff' });
    expect(runs).toBe(2);
    expect(system.getStatistics()).toMatchObject({ errors: { received: 1, resolved: 1 }, resolutionRate: 1 });
  });

  it('is run again by its registered name', async () => {
    const { system, clock } = systemOf();
    system.registerOperation('sync', () => 'synced');
    const result = await through(clock, system.handleError(refused(), { operation: 'sync' }));
    expect(result).toMatchObject({ success: true, value: 'synced' });
    expect(system.getStatistics().operations).toEqual(['sync']);
  });

  it('gets the value of its own run, though others run the same operation beside it', async () => {
    const { system, clock } = systemOf();
    let runs = 0;
    system.registerOperation('sync', async () => {
      runs += 1;
      const run = runs;
      await new Promise<void>((resolve) => clock.after(1_000 - run * 100, resolve));
      return run;
    });
    const handling = Array.from({ length: 3 }, async () =>
      system.handleError(refused(), { operation: 'sync' }),
    );
    const values = (await through(clock, Promise.all(handling))).map(({ value }) => value);
    expect(new Set(values)).toEqual(new Set([1, 2, 3]));
  });

  it('is escalated, and says so, where nobody gave a way to run it again', async () => {
    const { system, clock } = systemOf();
    const result = await through(clock, system.handleError(refused(), { operation: 'load-users' }));
    expect(result).toMatchObject({
      success: false,
      state: 'escalated',
      retry: { decision: 'no-way-to-rerun', attempts: [] },
      escalation: { level: 'human' },
    });
    expect(result.message).toContain('registerOperation("load-users", fn)');
    expect(result.escalation?.notices[0]).toMatchObject({ channel: 'linear', state: 'mailbox' });
    expect(system.getDashboardData().mailbox[0]?.incidentId).toBe(result.escalation?.incidentId);
  });

  it('never retries what has effects outside, unless that is said to be idempotent', async () => {
    const { system, clock } = systemOf();
    let runs = 0;
    const rerun = () => {
      runs += 1;
    };
    const first = await through(clock, system.handleError(refused(), { operation: 'deploy', rerun }));
    expect(first).toMatchObject({ success: false, retry: { decision: 'refused' } });
    expect(runs).toBe(0);
    const second = await through(
      clock,
      system.handleError(refused(), { operation: 'deploy', rerun, idempotent: true }),
    );
    expect(second).toMatchObject({ success: true });
  });

  it('is a duplicate under an id that was seen', async () => {
    const { system, clock } = systemOf();
    const context = { eventId: 'build-17', operation: 'x' };
    const error = refused();
    await through(clock, system.handleError(error, context));
    expect(await through(clock, system.handleError(error, context))).toMatchObject({
      success: false,
      state: 'suppressed',
      id: 'build-17',
    });
    expect((await system.generateReport()).summary.total).toBe(1);
  });

  it('loses its secrets before anything else happens', async () => {
    const { system, clock } = systemOf();
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const result = await through(
      clock,
      system.handleError(new Error(`push failed with token ${token}`), {
        apiKey: 'hunter2hunter2',
        nested: { password: 'pw-1234' },
      }),
    );
    const everything = JSON.stringify([result, system.exportData(), system.getDashboardData()]);
    expect(everything).not.toContain(token);
    expect(everything).not.toContain('hunter2hunter2');
    expect(everything).not.toContain('pw-1234');
  });

  it('tells agents and people through the clients it was given', async () => {
    const made: unknown[] = [];
    const { system, clock } = systemOf({
      linearClient: {
        createIssue: async (input) => {
          made.push(input);
          return { issue: { identifier: 'OPS-7', url: 'https://linear.test/OPS-7' } };
        },
      },
      integrations: { linear: { teamId: 'team-1' } },
    });
    const context = { operation: 'load-users', environment: 'production' };
    const result = await through(clock, system.handleError(refused(), context));
    expect(result.escalation?.notices.find(({ channel }) => channel === 'linear')).toMatchObject({
      state: 'sent',
      reference: 'OPS-7',
      url: 'https://linear.test/OPS-7',
    });
    expect(made).toMatchObject([
      { teamId: 'team-1', priority: 1, description: expect.stringContaining('### Cause') as string },
    ]);
  });

  it('tells nobody where escalation is off', async () => {
    const { system, clock } = systemOf({ enableEscalation: false });
    const result = await through(clock, system.handleError(refused()));
    expect(result).toMatchObject({ state: 'escalated', escalation: { notices: [] } });
    expect(system.getDashboardData().mailbox).toEqual([]);
  });
});

describe('what was thrown', () => {
  it.each([
    ['a text', 'disk full'],
    ['a number', 42],
    ['an object', { message: 'plain', code: 'E_PLAIN' }],
    ['an aggregate', new AggregateError([new Error('first')], 'all failed')],
    ['an error with a cause', new Error('outer', { cause: new TypeError('inner') })],
  ])('may be %s', async (_name, thrown) => {
    const { system, clock } = systemOf();
    expect(await through(clock, system.handleError(thrown))).toMatchObject({ state: 'escalated' });
  });

  it('carries causes, status and what a child process printed', async () => {
    const { system, clock } = systemOf();
    const error = Object.assign(new Error('Command failed: npm ci', { cause: new Error('registry away') }), {
      code: 1,
      status: 503,
      stderr: Buffer.from('npm error code ECONNRESET\n'),
    });
    const result = await through(clock, system.handleError(error));
    expect(result.classification?.evidence).not.toEqual([]);
    expect(result.classification?.category).toMatch(/^network/);
  });

  it.each([
    [undefined, {}, /error is undefined; pass what was thrown|error is undefined/],
    [null, {}, /error is null/],
    [{}, {}, /error has no message/],
    [new Error('x'), { attempt: 'first' }, /context: attempt is the text "first"; give a whole number/],
    [new Error('x'), { labels: { a: 1 } }, /context: labels.a is number 1; give a text/],
    [
      new Error('x'),
      { rerun: { kind: 'ftp', target: 'x' } },
      /context.rerun.kind is the text "ftp"; give one of http/,
    ],
    [new Error('x'), { eventId: 7 }, /context.eventId is no text/],
    [new Error('x'), { log: Buffer.from('x') }, /context.log is no text/],
    [new Error('x'), [], /context is no object/],
  ])('names the field where %s with %j is wrong', async (error, context, message) => {
    const { system } = systemOf();
    await expect(system.handleError(error, context as never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message) as string,
      remedy: expect.stringMatching(/.+/) as string,
    });
    expect(system.getStatistics().errors.received).toBe(0);
  });

  it('may come with any context: cycles, functions, dates, a thousand names', async () => {
    const { system, clock } = systemOf();
    const context: Record<string, unknown> = { when: new Date(0), call: () => 1, big: 10n, bad: Number.NaN };
    context['self'] = context;
    for (let index = 0; index < 1_000; index += 1) context[`name${index}`] = index;
    expect(await through(clock, system.handleError(new Error('x'), context))).toMatchObject({
      state: 'escalated',
    });
  });
});

describe('what is known', () => {
  it('comes as values: statistics, dashboard, export', async () => {
    const { system, clock } = systemOf();
    await through(clock, system.handleError(refused(), { operation: 'a', environment: 'production' }));
    const statistics = system.getStatistics();
    expect(Object.keys(statistics.components)).toEqual([
      'errorClassifier',
      'retryManager',
      'automatedFixGenerator',
      'escalationManager',
      'errorAnalytics',
      'patternRecognition',
    ]);
    expect(statistics.components.errorClassifier).toMatchObject({ enabled: true, processed: 1 });
    expect(statistics.components.retryManager.byReason).toMatchObject({ 'no-way-to-rerun': 1 });
    expect(system.getDashboardData()).toMatchObject({ v: 1, analytics: { summary: { total: 1 } } });
    expect(await system.generateReport()).toMatchObject({
      summary: { total: 1, byOutcome: { escalated: 1 }, byEnvironment: { production: 1 } },
      line: { received: 1, escalated: 1 },
    });
  });

  it('is the same after export, import, export', async () => {
    const { system, clock } = systemOf();
    for (const operation of ['a', 'b']) await through(clock, system.handleError(refused(), { operation }));
    const exported = JSON.stringify(system.exportData());
    const { system: other } = systemOf();
    other.importData(JSON.parse(exported));
    expect(JSON.stringify(other.exportData())).toBe(exported);
    expect(() => other.importData({ v: 2 })).toThrow('not an export of the system');
    const broken: unknown = JSON.parse(exported.replace(/"at":\d+/, '"at":"yesterday"'));
    expect(() => other.importData(broken)).toThrow('not an export of analytics');
    expect(JSON.stringify(other.exportData())).toBe(exported);
  });

  it('abstains from predicting, and says why', async () => {
    const { system } = systemOf();
    expect(await system.predictErrors({ system: { cpuUsage: 85 } })).toMatchObject({
      abstained: true,
      predictions: [],
      reason: 'no errors are known yet',
    });
    const { system: off } = systemOf({ enablePatternRecognition: false, enableAnalytics: false });
    expect((await off.predictErrors({})).reason).toContain('enablePatternRecognition');
    await expect(off.generateReport()).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(off.getDashboardData()).toMatchObject({ analytics: null, patterns: null });
  });
});

describe('the end of the system', () => {
  it('lets errors end, abandons those that are late, and takes no more', async () => {
    const { system, clock } = systemOf();
    const waiting = system.handleError(refused(), { rerun: () => Promise.reject(refused()) });
    await settle();
    const shutdown = system.shutdown(500);
    await clock.advance(500);
    await shutdown;
    expect(await waiting).toMatchObject({ success: false, state: 'delayed', value: undefined });
    expect((await waiting).message).toContain('shut down');
    await expect(system.handleError(refused())).rejects.toMatchObject({ code: 'STOPPED' });
    expect(system.getStatistics().errors).toMatchObject({ abandoned: 1, inFlight: 0 });
    expect(clock.nextAt).toBeUndefined();
  });

  it('refuses more than it may hold', async () => {
    const { system, clock } = systemOf({ performance: { maxInFlight: 1, maxWaiting: 0 } });
    const first = system.handleError(refused(), { rerun: () => 1 });
    await settle();
    await expect(system.handleError(refused())).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
    });
    expect(await through(clock, first)).toMatchObject({ success: true });
  });
});

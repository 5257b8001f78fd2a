import { describe, expect, test } from 'vitest';
import { flakyVerdict, wilson, type TestRuns } from './flaky.ts';

const runs = (more: Partial<TestRuns>): TestRuns => ({
  repository: 'acme/shop',
  job: 'test',
  task: 'checkout',
  runs: 40,
  passedRuns: 30,
  commits: 20,
  flips: 0,
  broken: 0,
  lastFlipAt: null,
  ...more,
});

describe('flakyVerdict', () => {
  test('a flip on one commit is flaky; two are worth a quarantine', () => {
    expect(flakyVerdict(runs({ flips: 1 }))).toMatchObject({
      verdict: 'flaky',
      advice: 'watch',
      flipRate: 0.05,
    });
    expect(flakyVerdict(runs({ flips: 2 }))).toMatchObject({ verdict: 'flaky', advice: 'quarantine' });
  });

  test('a broken test is never quarantined', () => {
    expect(flakyVerdict(runs({ broken: 20 }))).toMatchObject({ verdict: 'broken', advice: 'mend' });
    expect(flakyVerdict(runs({ broken: 10, flips: 3 }))).toMatchObject({ verdict: 'flaky', advice: 'mend' });
  });

  test('it abstains without runs that passed, and with few commits', () => {
    expect(flakyVerdict(runs({ passedRuns: 0, broken: 20 }))).toMatchObject({
      verdict: 'abstains',
      why: 'no run that passed is known',
    });
    expect(flakyVerdict(runs({ commits: 3 }))).toMatchObject({ verdict: 'abstains' });
    expect(flakyVerdict(runs({}))).toMatchObject({ verdict: 'steady' });
  });

  test('the interval is the published one for 1 of 10', () => {
    const [low, high] = wilson(1, 10);
    expect(low).toBeCloseTo(0.0179, 4);
    expect(high).toBeCloseTo(0.4042, 4);
  });
});

import { expect, test } from 'vitest';
import { summariseVitest } from './vitest-report.mjs';

const file = (name: string, status: string, ...statuses: string[]) => ({
  name,
  status,
  message: status === 'failed' ? 'Cannot find module x\n at y' : '',
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${index}` })),
});

test('each test counts once, by its status', () => {
  const report = {
    testResults: [file('a', 'failed', 'passed', 'failed', 'skipped'), file('b', 'passed', 'passed', 'todo')],
  };
  expect(summariseVitest(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2, failures: ['a: test 1'] });
});

test('a file that does not load is a failure', () => {
  expect(summariseVitest({ testResults: [file('a', 'failed'), file('b', 'passed', 'passed')] }, 1)).toEqual({
    passed: 1,
    failed: 1,
    skipped: 0,
    failures: ['a: Cannot find module x'],
  });
});

test('a run that failed is never counted as none failed', () => {
  expect(summariseVitest({ testResults: [file('a', 'passed', 'passed')] }, 1)).toMatchObject({
    passed: 1,
    failed: 1,
  });
  expect(summariseVitest(undefined, 1)).toMatchObject({ passed: 0, failed: 1 });
  expect(summariseVitest({ testResults: [] }, 0)).toMatchObject({ passed: 0, failed: 0 });
});

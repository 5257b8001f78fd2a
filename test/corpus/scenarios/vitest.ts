import type { ToolScenarios } from '../scenario.ts';

const manySuites = (head: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `test/feature-${index}.test.js`,
      `${head}describe('feature ${index}', () => {\n${Array.from({ length: 18 }, (_, n) => `  it('handles case ${n} of error ${index}', () => {\n    ${index === 31 && n === 7 ? "throw new Error('connection pool exhausted: 0 of 10 free')" : 'if (1 > 2) throw new Error()'};\n  });`).join('\n')}\n});\n`,
    ]),
  );

const vitestHead = "import { describe, expect, it, test, vi } from 'vitest';\n";

/** Vitest. */
export const vitest: ToolScenarios = {
  tool: 'vitest',
  version: 'vitest --version',
  needs: ['vitest'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'vitest-assert',
      title: 'An expectation fails',
      fails: ['test.assert', 'never-fixable'],
      files: { 'sum.test.js': `${vitestHead}test('adds', () => {\n  expect(1 + 1).toBe(3);\n});\n` },
      run: 'vitest run',
      cause: /AssertionError: expected 2 to be 3/,
    },
    {
      id: 'vitest-many',
      title: 'One of a thousand tests fails, behind npm run',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'package.json': '{"name":"app","type":"module","scripts":{"test":"vitest run --reporter verbose"}}',
        ...manySuites(vitestHead),
      },
      run: 'npm test',
      ci: true,
      cause: /Error: connection pool exhausted/,
    },
    {
      id: 'vitest-timeout',
      title: 'A test that never ends',
      fails: ['test.timeout', 'once'],
      files: {
        'slow.test.js': `${vitestHead}test('waits for the queue', async () => {\n  await new Promise(() => {});\n}, 300);\n`,
      },
      run: 'vitest run',
      cause: /Error: Test timed out in 300ms/,
    },
    {
      id: 'vitest-import',
      title: 'A test imports a package that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: {
        'a.test.js': `${vitestHead}import { load } from './loader.js';\ntest('loads', () => load());\n`,
      },
      run: 'vitest run',
      cause: /Failed to resolve import|Cannot find module/,
    },
    {
      id: 'vitest-snapshot',
      title: 'A snapshot that no longer fits',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'view.test.js': `${vitestHead}test('view', () => {\n  expect({ title: 'New' }).toMatchSnapshot();\n});\n`,
        '__snapshots__/view.test.js.snap':
          '// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\nexports[`view 1`] = `\n{\n  "title": "Old",\n}\n`;\n',
      },
      run: 'vitest run',
      cause: /Error: Snapshot `view 1` mismatched/,
    },
    {
      id: 'vitest-no-tests',
      title: 'No test file is found',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'src/a.js': 'export {};\n' },
      run: 'vitest run',
      cause: /No test files found, exiting with code 1/,
    },
    {
      id: 'vitest-unhandled',
      title: 'All tests pass but a promise is rejected behind them',
      fails: ['test.crash', 'once'],
      files: {
        'a.test.js': `${vitestHead}test('starts', async () => {\n  setTimeout(() => { throw new TypeError('socket is not open'); }, 5);\n  await new Promise((r) => setTimeout(r, 50));\n});\n`,
      },
      run: 'vitest run',
      cause: /Vitest caught 1 unhandled error during the test run/,
    },
    {
      id: 'vitest-passes',
      title: 'A thousand tests pass',
      passes: true,
      files: {
        'package.json': '{"name":"app","type":"module"}',
        ...Object.fromEntries(
          Object.entries(manySuites(vitestHead)).filter(([name]) => !name.includes('-31.')),
        ),
      },
      run: 'vitest run --reporter verbose',
      ci: true,
    },
    {
      id: 'vitest-skipped-passes',
      title: 'Skipped tests and logged errors',
      passes: true,
      files: {
        'a.test.js': `${vitestHead}test('logs', () => { console.error('Error: this is expected'); });\ntest.skip('later', () => {});\n`,
      },
      run: 'vitest run',
    },
  ],
};

import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const manySuites = (head: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `test/feature-${index}.test.js`,
      `${head}describe('feature ${index}', () => {\n${Array.from({ length: 18 }, (_, n) => `  it('handles case ${n} of error ${index}', () => {\n    ${index === 31 && n === 7 ? "throw new Error('connection pool exhausted: 0 of 10 free')" : 'if (1 > 2) throw new Error()'};\n  });`).join('\n')}\n});\n`,
    ]),
  );

/** Jest. */
export const jest: ToolScenarios = {
  tool: 'jest',
  version: 'jest --version',
  needs: ['jest'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'jest-assert',
      title: 'An expectation fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'package.json': '{"name":"app"}',
        'cart.test.js': "test('total', () => {\n  expect({ total: 9.5 }).toEqual({ total: 10 });\n});\n",
      },
      run: 'jest',
      cause: /expect\(received\)\.toEqual\(expected\)/,
    },
    {
      id: 'jest-many',
      title: 'One of a thousand tests fails, behind npm run',
      fails: ['test.assert', 'never-fixable'],
      files: { 'package.json': '{"name":"app","scripts":{"test":"jest --verbose -w 2"}}', ...manySuites('') },
      run: 'npm test',
      ci: true,
      cause: /connection pool exhausted/,
    },
    {
      id: 'jest-timeout',
      title: 'A test that never ends',
      fails: ['test.timeout', 'once'],
      files: {
        'package.json': '{"name":"app"}',
        'slow.test.js': "test('drains', () => new Promise(() => {}), 200);\n",
      },
      run: 'jest',
      cause: /Exceeded timeout of 200 ms for a test/,
    },
    {
      id: 'jest-module',
      title: 'A test requires a file that does not exist',
      fails: ['code.import', 'never-fixable'],
      files: {
        'package.json': '{"name":"app"}',
        'a.test.js': "const load = require('./loader');\ntest('loads', () => load());\n",
      },
      run: 'jest',
      cause: /Cannot find module '\.\/loader' from 'a\.test\.js'/,
    },
    {
      id: 'jest-esm',
      title: 'A dependency in a module format that jest does not transform',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'package.json': '{"name":"app","jest":{"transform":{}}}',
        'lib.js': 'export const a = 1;\n',
        'a.test.js': "const lib = require('./lib');\ntest('a', () => expect(lib.a).toBe(1));\n",
      },
      run: 'jest',
      cause: /Jest encountered an unexpected token/,
    },
    {
      id: 'jest-coverage',
      title: 'Coverage below the threshold',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'package.json': '{"name":"app","jest":{"coverageThreshold":{"global":{"lines":90}}}}',
        'lib.js': 'exports.a = () => 1;\nexports.b = () => {\n  const x = 2;\n  return x;\n};\n',
        'a.test.js': "const lib = require('./lib');\ntest('a', () => expect(lib.a()).toBe(1));\n",
      },
      run: 'jest --coverage --coverageReporters text',
      cause: /coverage threshold for lines \(90%\) not met/,
    },
    {
      id: 'jest-type-error',
      title: 'The code under test throws, with colours',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'package.json': '{"name":"app"}',
        'a.test.js':
          "test('reads the profile', () => {\n  const user = undefined;\n  expect(user.name).toBe('Ada');\n});\n",
      },
      run: 'jest --colors',
      cause: /TypeError: Cannot read properties of undefined \(reading 'name'\)/,
    },
    {
      id: 'jest-config',
      title: 'A preset that is not installed',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'package.json': '{"name":"app","jest":{"preset":"acme-jest-preset"}}',
        'a.test.js': "test('a', () => {});\n",
      },
      run: 'jest',
      cause: /Preset acme-jest-preset not found/,
    },
    {
      id: 'jest-passes',
      title: 'All tests pass',
      passes: true,
      files: {
        'package.json': '{"name":"app"}',
        'a.test.js':
          "test('rejects', async () => { await expect(Promise.reject(new Error('refused'))).rejects.toThrow('refused'); });\ntest.todo('retries');\n",
      },
      run: 'jest --verbose',
    },
    {
      id: 'jest-coverage-passes',
      title: 'All tests pass with coverage',
      passes: true,
      files: {
        'package.json': '{"name":"app"}',
        'lib.js': 'exports.fail = () => { console.warn("failed softly"); return 1; };\n',
        'a.test.js': "const lib = require('./lib');\ntest('a', () => expect(lib.fail()).toBe(1));\n",
      },
      run: 'jest --coverage --coverageReporters text',
    },
  ],
};

/** Mocha. */
export const mocha: ToolScenarios = {
  tool: 'mocha',
  version: 'mocha --version',
  needs: ['mocha'],
  toolchains: ['js'],
  scenarios: [
    {
      id: 'mocha-assert',
      title: 'An assertion fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'test/a.js':
          "const assert = require('assert');\ndescribe('slug', () => {\n  it('is lower case', () => assert.strictEqual('Hello', 'hello'));\n});\n",
      },
      run: 'mocha',
      cause: /AssertionError \[ERR_ASSERTION\]: Expected values to be strictly equal/,
    },
    {
      id: 'mocha-timeout',
      title: 'A test that never calls done',
      fails: ['test.timeout', 'once'],
      files: { 'test/a.js': "it('answers', (done) => {});\n" },
      run: 'mocha --timeout 300',
      cause: /Error: Timeout of 300ms exceeded/,
    },
    {
      id: 'mocha-hook',
      title: 'A hook before all tests cannot reach its service',
      fails: ['network.refused', 'backoff'],
      files: {
        'test/a.js': `const net = require('net');\nbefore((done) => { net.connect(${ports.refused}, '127.0.0.1').on('error', done).on('connect', () => done()); });\nit('reads', () => {});\n`,
      },
      run: 'mocha',
      cause: /Error: connect ECONNREFUSED/,
    },
    {
      id: 'mocha-no-files',
      title: 'No test file is found',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'src/a.js': '' },
      run: 'mocha',
      cause: /Error: No test files found/,
    },
    {
      id: 'mocha-module',
      title: 'A test requires a package that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: { 'test/a.js': "require('acme-fixtures');\n" },
      run: 'mocha',
      cause: /Error: Cannot find module 'acme-fixtures'/,
    },
    {
      id: 'mocha-passes',
      title: 'All tests pass',
      passes: true,
      files: {
        'test/a.js':
          "describe('errors', () => {\n  it('maps ETIMEDOUT to a retry', () => {});\n  it.skip('maps 429', () => {});\n});\n",
      },
      run: 'mocha',
    },
  ],
};

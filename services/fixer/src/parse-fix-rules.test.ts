import { describe, expect, it } from 'vitest';
import { baselineFixRules } from './domain/baseline-fix-rules.ts';
import type { FixRule } from './domain/fix-rule.ts';
import { patternFault } from './domain/pattern-fault.ts';
import { parseFixRules } from './parse-fix-rules.ts';

const rule: FixRule = {
  id: 'own.rule',
  when: {
    categories: ['lint'],
    needle: 'own tool',
    pattern: 'own tool says (?<name>\\w+)',
    captures: { name: 'command-name' },
  },
  then: {
    kind: 'command',
    title: 'Run {name}',
    body: 'own {name}',
    files: [],
    risk: 'low',
    confidence: 0.8,
    validation: [],
  },
  why: 'Because.',
};
const parse = (changed: unknown) => parseFixRules({ ...baselineFixRules, rules: [changed] });

describe('stored fix rules', () => {
  it('pass where they are what ships, after a trip through JSON', () => {
    expect(parseFixRules(JSON.parse(JSON.stringify(baselineFixRules)))).toEqual(baselineFixRules);
    expect(parse(rule).rules).toEqual([rule]);
  });

  it.each([
    [
      'a pattern that is none',
      { ...rule, when: { ...rule.when, pattern: '(?<name>[' } },
      'not a regular expression',
    ],
    [
      'a pattern of exponential cost',
      { ...rule, when: { ...rule.when, pattern: '(?<name>(?:a+)+)b' } },
      'repeats',
    ],
    [
      'a capture without a group',
      { ...rule, when: { ...rule.when, pattern: 'own tool says' } },
      'no group name',
    ],
    [
      'a value that is not captured',
      { ...rule, then: { ...rule.then, body: 'own {other}' } },
      '{other} is not a capture',
    ],
    ['an unknown shape', { ...rule, when: { ...rule.when, captures: { name: 'anything' } } }, 'captures'],
    ['a patch', { ...rule, then: { ...rule.then, kind: 'patch' } }, 'kind'],
    ['a confidence above 1', { ...rule, then: { ...rule.then, confidence: 2 } }, 'confidence'],
    ['a field too many', { ...rule, extra: 1 }, 'extra'],
  ])('are refused for %s', (_name, changed, said) => {
    expect(() => parse(changed)).toThrow(said);
  });
});

describe('patterns', () => {
  it.each([
    '(a+)+',
    '(a*)*',
    '(?:a|b+)*',
    '(a{2,})+',
    '(x(y+)z)*',
    '(?=a)b',
    '(?<!a)b',
    '(a)\\1',
    'a+b+c+d+',
  ])('%s is refused', (pattern) => {
    expect(patternFault(pattern)).toBeDefined();
  });

  it.each(['a+b', '(a|b)+', '[+*]{3}x+', '\\(a+\\)+', '(?:ab?)+', '(?<name>\\w+) x'])(
    '%s is let through',
    (pattern) => {
      expect(patternFault(pattern)).toBeUndefined();
    },
  );
});

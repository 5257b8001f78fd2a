import { describe, expect, it } from 'vitest';
import { compilePattern, PatternRefused } from './compile-pattern.ts';
import { superLinearReason } from './linear-check.ts';
import { parsePattern, PatternSyntaxError } from './parse-pattern.ts';
import { requiredLiterals } from './required-literals.ts';

describe('superLinearReason', () => {
  it.each([
    '(a+)+$',
    '(a|a)*b',
    'a.*b.*c',
    '\\d+ passed',
    '(?:\\w+\\s?)*;',
    '.*error',
    'x*x*y',
    '(?:a{0,200}){0,200}b',
    '([a-z]+)*@',
  ])('refuses %s', (pattern) => {
    expect(superLinearReason(parsePattern(pattern))).toBeDefined();
  });

  it.each([
    'error TS\\d+: ',
    "Cannot find module '[^']+'",
    '^\\d+ passed',
    'code E.{0,100}x',
    'a(?:,\\d{1,3}){0,8}',
    'npm (?:ERR!|error) code',
  ])('accepts %s', (pattern) => {
    expect(superLinearReason(parsePattern(pattern))).toBeUndefined();
  });
});

describe('parsePattern', () => {
  it.each(['(?=a)b', '(a)\\1', 'a**', '(a', 'a)', '[a', '(?<!x)y'])('refuses %s', (pattern) => {
    expect(() => parsePattern(pattern)).toThrow(PatternSyntaxError);
  });
});

describe('compilePattern', () => {
  it('refuses a pattern of ours that may take more than linear time, and runs a user’s on a linear engine', () => {
    expect(() => compilePattern('(a+)+$', 'own')).toThrow(PatternRefused);
    const pattern = compilePattern('(a+)+$', 'user');
    expect(pattern.test(`${'a'.repeat(5000)}!`)).toBe(false);
    expect(pattern.test('aaa')).toBe(true);
  });

  it('refuses what the linear engine cannot hold', () => {
    expect(() => compilePattern('(a)\\1', 'user')).toThrow(PatternRefused);
    expect(() => compilePattern('x'.repeat(2000), 'user')).toThrow(PatternRefused);
  });

  it('finds the literals that a match must hold', () => {
    expect(requiredLiterals(parsePattern('npm (?:ERR!|error) code E404'))).toEqual([' code e404']);
    expect(requiredLiterals(parsePattern('(?:alpha|beta) {1,3}\\d'))).toEqual(['alpha', 'beta']);
    expect(requiredLiterals(parsePattern('\\d{3}'))).toBeUndefined();
  });
});

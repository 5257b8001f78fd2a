import { RE2JS } from 're2js';
import { superLinearReason } from './linear-check.ts';
import { parsePattern, patternFlags } from './parse-pattern.ts';
import { requiredLiterals } from './required-literals.ts';
import type { Rule } from './rule.ts';

/** What one match found: the text of the match and of its groups. */
export interface PatternMatch {
  readonly text: string;
  readonly captures: readonly string[];
}

/** A pattern that can be asked about a line. */
export interface CompiledPattern {
  readonly test: (line: string) => boolean;
  readonly exec: (line: string) => PatternMatch | undefined;
  /** Literals of which one occurs wherever it matches; undefined: it must be tried on every line. */
  readonly literals: readonly string[] | undefined;
}

/** A pattern cannot be used; the message says why. */
export class PatternRefused extends Error {
  constructor(pattern: string, why: string) {
    super(`the pattern ${JSON.stringify(pattern)} is refused: ${why}`);
    this.name = 'PatternRefused';
  }
}

/** Longest pattern that a user may write, in UTF-16 units. */
export const MAX_PATTERN_UNITS = 1000;

/** Compiles a pattern: our own for V8 after the check, a user's for a linear-time engine. */
export function compilePattern(pattern: string, origin: Rule['origin']): CompiledPattern {
  return origin === 'own' ? compileOwn(pattern) : compileUser(pattern);
}

function compileOwn(pattern: string): CompiledPattern {
  const node = parsePattern(pattern);
  const reason = superLinearReason(node);
  if (reason !== undefined) throw new PatternRefused(pattern, reason);
  const { source, ignoreCase } = patternFlags(pattern);
  const expression = new RegExp(source, ignoreCase ? 'i' : '');
  return {
    test: (line) => expression.test(line),
    exec: (line) => {
      const match = expression.exec(line);
      return match === null
        ? undefined
        : { text: match[0], captures: match.slice(1).map((group) => group ?? '') };
    },
    literals: requiredLiterals(node),
  };
}

function compileUser(pattern: string): CompiledPattern {
  if (pattern.length > MAX_PATTERN_UNITS)
    throw new PatternRefused(pattern.slice(0, 60), `longer than ${MAX_PATTERN_UNITS}`);
  const expression = compileRe2(pattern);
  return {
    test: (line) => expression.matcher(line).find(),
    exec: (line) => {
      const matcher = expression.matcher(line);
      if (!matcher.find()) return undefined;
      const captures = Array.from(
        { length: matcher.groupCount() },
        (_, index) => matcher.group(index + 1) ?? '',
      );
      return { text: matcher.group() ?? '', captures };
    },
    literals: literalsOf(pattern),
  };
}

function compileRe2(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new PatternRefused(pattern, error instanceof Error ? error.message : String(error));
  }
}

// The linear-time engine knows more syntax than our parser; what the parser cannot read is tried on every line.
function literalsOf(pattern: string): readonly string[] | undefined {
  try {
    return requiredLiterals(parsePattern(pattern));
  } catch {
    return undefined;
  }
}

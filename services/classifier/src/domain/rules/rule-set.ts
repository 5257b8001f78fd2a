import { LiteralIndex } from '../text/literal-index.ts';
import { compilePattern, type CompiledPattern, type PatternMatch } from './compile-pattern.ts';
import type { Rule, RulePack } from './rule.ts';

/** One rule that matched one line. */
export interface RuleHit {
  readonly rule: Rule;
  /** Place of the rule in the pack. */
  readonly order: number;
  /** Index of the line among those that were looked at. */
  readonly line: number;
  readonly match: PatternMatch;
}

/** How many lines of one text a rule keeps as candidates: the last ones, so that its last match is found. */
const MAX_CANDIDATES = 64;

const strengthLevels = { wrapper: 1, general: 2, specific: 3 } as const;

interface CompiledRule {
  readonly rule: Rule;
  readonly patterns: readonly CompiledPattern[];
  readonly unless: readonly CompiledPattern[];
  readonly also: readonly CompiledPattern[];
}

/** A rule pack ready to use: one pass over the text finds which rules can match, and only those are tried. */
export class RuleSet {
  readonly #rules: readonly CompiledRule[];
  readonly #index: LiteralIndex | undefined;
  /** Rule of each literal. */
  readonly #owners: readonly number[];
  /** Rules that must be tried on every line. */
  readonly #always: readonly number[];

  /** Throws PatternRefused or PatternSyntaxError where a pattern cannot be used. */
  constructor(pack: RulePack) {
    this.#rules = pack.rules.map((rule) => ({
      rule,
      patterns: rule.patterns.map((pattern) => compilePattern(pattern, rule.origin)),
      unless: (rule.unless ?? []).map((pattern) => compilePattern(pattern, rule.origin)),
      also: (rule.also ?? []).map((pattern) => compilePattern(pattern, rule.origin)),
    }));
    const entries = this.#rules.flatMap(({ patterns }, owner) =>
      patterns.flatMap(({ literals }) => (literals ?? []).map((literal) => ({ literal, owner }))),
    );
    this.#owners = entries.map(({ owner }) => owner);
    this.#index = entries.length === 0 ? undefined : new LiteralIndex(entries.map(({ literal }) => literal));
    this.#always = this.#rules.flatMap(({ patterns }, owner) =>
      patterns.some(({ literals }) => literals === undefined) ? [owner] : [],
    );
  }

  /**
   * The last match of every rule that matches, in the order of the pack. Lines are cleaned ones; the exit code is
   * null where it is not known.
   */
  match(lines: readonly string[], exitCode: number | null = null): readonly RuleHit[] {
    const candidates = this.#candidates(lines);
    const hits: RuleHit[] = [];
    for (const owner of [...candidates.keys()].sort((a, b) => a - b)) {
      const hit = this.#lastMatch(owner, candidates.get(owner) as number[], lines, exitCode);
      if (hit !== undefined) hits.push(hit);
    }
    return hits;
  }

  /**
   * How strongly rules speak of each line: 0 not at all, 1 by a wrapper, 2 by a general rule, 3 by a specific one.
   * Only a rule's last candidates are tried, so that the work is bounded.
   */
  strengths(lines: readonly string[]): Uint8Array {
    const strengths = new Uint8Array(lines.length);
    for (const [owner, candidates] of this.#candidates(lines)) {
      const { rule, patterns, unless } = this.#rules[owner] as CompiledRule;
      const level = strengthLevels[rule.strength];
      for (const line of candidates.slice(-MAX_CANDIDATES)) {
        const text = lines[line] as string;
        if ((strengths[line] as number) >= level) continue;
        if (!patterns.some((pattern) => pattern.test(text)) || unless.some((other) => other.test(text)))
          continue;
        strengths[line] = level;
      }
    }
    return strengths;
  }

  /** Whether a line only says that something failed: a wrapper matches it, and nothing else does. */
  isWrapper(line: string): boolean {
    const hits = this.match([line]);
    return hits.length > 0 && hits.every(({ rule }) => rule.strength === 'wrapper');
  }

  /** Rule by id, where the pack has it. */
  byId(id: string): Rule | undefined {
    return this.#rules.find(({ rule }) => rule.id === id)?.rule;
  }

  #candidates(lines: readonly string[]): Map<number, number[]> {
    const candidates = new Map<number, number[]>();
    const owners = this.#owners;
    let line = 0;
    const add = (owner: number): void => {
      const seen = candidates.get(owner);
      if (seen === undefined) candidates.set(owner, [line]);
      else if (seen[seen.length - 1] !== line) {
        seen.push(line);
        if (seen.length > 2 * MAX_CANDIDATES) seen.splice(0, seen.length - MAX_CANDIDATES);
      }
    };
    const onHit = (literal: number): void => add(owners[literal] as number);
    for (; line < lines.length; line += 1) {
      this.#index?.scan(lines[line] as string, onHit);
      for (const owner of this.#always) add(owner);
    }
    return candidates;
  }

  #lastMatch(
    owner: number,
    candidates: readonly number[],
    lines: readonly string[],
    exitCode: number | null,
  ): RuleHit | undefined {
    const { rule, patterns, unless, also } = this.#rules[owner] as CompiledRule;
    if (rule.exitCodes !== undefined && (exitCode === null || !rule.exitCodes.includes(exitCode)))
      return undefined;
    for (let at = candidates.length - 1; at >= 0; at -= 1) {
      const line = candidates[at] as number;
      const text = lines[line] as string;
      for (const pattern of patterns) {
        const match = pattern.exec(text);
        if (match === undefined || unless.some((other) => other.test(text))) continue;
        if (also.length > 0 && !lines.some((other) => also.some((needed) => needed.test(other))))
          return undefined;
        return { rule, order: owner, line, match };
      }
    }
    return undefined;
  }
}

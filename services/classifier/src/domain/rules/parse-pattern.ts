import {
  anyButLineEnd,
  charSet,
  complementSet,
  namedSets,
  rangeSet,
  withBothCases,
  type CharSet,
} from './char-set.ts';

/** Syntax tree of a regular expression, of the part of the language that rules may use. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'edge'; readonly start: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly of: PatternNode; readonly min: number; readonly max: number };

/** A pattern holds what rules may not use; the message names it and where it stands. */
export class PatternSyntaxError extends Error {
  constructor(pattern: string, at: number, what: string) {
    super(`${what} at character ${at} of the pattern ${JSON.stringify(pattern)}`);
    this.name = 'PatternSyntaxError';
  }
}

/** A pattern without its `(?i)`, and whether it had one. */
export function patternFlags(pattern: string): { readonly source: string; readonly ignoreCase: boolean } {
  const ignoreCase = pattern.startsWith('(?i)');
  return { source: ignoreCase ? pattern.slice(4) : pattern, ignoreCase };
}

/**
 * Parses a pattern: literals, escapes, classes, groups, alternatives, repeats and edges. Backreferences and
 * look-around are refused, because neither a linear-time engine nor the check below can hold them.
 */
export function parsePattern(pattern: string): PatternNode {
  const { source, ignoreCase } = patternFlags(pattern);
  return new Parser(source, ignoreCase).whole();
}

const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 };

class Parser {
  readonly #source: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#source = source;
    this.#ignoreCase = ignoreCase;
  }

  whole(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#source.length) this.#refuse('an unmatched )');
    return node;
  }

  #refuse(what: string): never {
    throw new PatternSyntaxError(this.#source, this.#at, what);
  }

  #peek(): string {
    return this.#source.charAt(this.#at);
  }

  #take(): string {
    const unit = this.#peek();
    this.#at += 1;
    return unit;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at += 1;
      options.push(this.#sequence());
    }
    const [only] = options;
    return options.length === 1 && only !== undefined ? only : { kind: 'choice', options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#at < this.#source.length && this.#peek() !== '|' && this.#peek() !== ')') {
      parts.push(this.#repeated(this.#atom()));
    }
    return { kind: 'sequence', parts };
  }

  #repeated(of: PatternNode): PatternNode {
    const bounds = this.#bounds();
    if (bounds === undefined) return of;
    if (this.#peek() === '?') this.#at += 1;
    if (this.#peek() === '+' || this.#peek() === '*') this.#refuse('a repeat of a repeat');
    return { kind: 'repeat', of, min: bounds[0], max: bounds[1] };
  }

  #bounds(): readonly [number, number] | undefined {
    const unit = this.#peek();
    if (unit === '*' || unit === '+' || unit === '?') {
      this.#at += 1;
      return unit === '*' ? [0, Infinity] : unit === '+' ? [1, Infinity] : [0, 1];
    }
    const counted = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    if (counted === null) return undefined;
    this.#at += counted[0].length;
    const min = Number(counted[1]);
    return [min, counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3])];
  }

  #atom(): PatternNode {
    const unit = this.#take();
    switch (unit) {
      case '.':
        return { kind: 'set', set: anyButLineEnd };
      case '^':
      case '$':
        return { kind: 'edge', start: unit === '^' };
      case '[':
        return { kind: 'set', set: this.#cased(this.#class()) };
      case '(':
        return this.#group();
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        return this.#refuse('a repeat of nothing');
      default:
        return { kind: 'set', set: this.#cased(charSet(unit.charCodeAt(0))) };
    }
  }

  #cased(set: CharSet): CharSet {
    return this.#ignoreCase ? withBothCases(set) : set;
  }

  #group(): PatternNode {
    if (this.#peek() === '?') {
      const opening = /^\?(?::|<[A-Za-z]\w{0,40}>)/.exec(this.#source.slice(this.#at, this.#at + 48));
      if (opening === null) this.#refuse('look-around or another special group');
      this.#at += opening[0].length;
    }
    const node = this.#choice();
    if (this.#take() !== ')') this.#refuse('a group that does not end');
    return node;
  }

  #escape(): PatternNode {
    const unit = this.#take();
    if (unit === 'b' || unit === 'B') return { kind: 'sequence', parts: [] };
    if (/[1-9k]/.test(unit)) this.#refuse('a backreference');
    return { kind: 'set', set: this.#cased(this.#escaped(unit)) };
  }

  #escaped(unit: string): CharSet {
    const named = namedSets[unit];
    if (named !== undefined) return named;
    const control = controls[unit];
    if (control !== undefined) return charSet(control);
    if (unit === 'x' || unit === 'u') {
      const digits = this.#source.slice(this.#at, this.#at + (unit === 'x' ? 2 : 4));
      if (!/^[0-9a-fA-F]+$/.test(digits)) this.#refuse('an escape that is not complete');
      this.#at += digits.length;
      return charSet(Number.parseInt(digits, 16));
    }
    if (unit === '' || /[A-Za-z]/.test(unit)) this.#refuse(`the escape \\${unit}`);
    return charSet(unit.charCodeAt(0));
  }

  #class(): CharSet {
    const negated = this.#peek() === '^';
    if (negated) this.#at += 1;
    let set = 0n;
    while (this.#peek() !== ']') {
      if (this.#at >= this.#source.length) this.#refuse('a class that does not end');
      const [first, firstCode] = this.#member();
      const dashed = this.#peek() === '-' && this.#source.charAt(this.#at + 1) !== ']';
      if (!dashed || firstCode === undefined) {
        set |= first;
        continue;
      }
      this.#at += 1;
      const [, lastCode] = this.#member();
      if (lastCode === undefined || lastCode < firstCode) this.#refuse('a range out of order');
      set |= rangeSet(firstCode, lastCode);
    }
    this.#at += 1;
    return negated ? complementSet(this.#cased(set)) : set;
  }

  #member(): readonly [CharSet, number | undefined] {
    const unit = this.#take();
    if (unit !== '\\') return [charSet(unit.charCodeAt(0)), unit.charCodeAt(0)];
    const escaped = this.#take();
    if (escaped === 'b') return [charSet(8), 8];
    const set = this.#escaped(escaped);
    return [set, namedSets[escaped] === undefined ? escaped.charCodeAt(0) : undefined];
  }
}

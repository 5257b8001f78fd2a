import { setsOverlap, type CharSet } from './char-set.ts';
import type { PatternNode } from './parse-pattern.ts';

/** How often a backtracking engine may try again from one start, at most: two gaps of 100. */
export const MAX_TRIES = 20_000;

const everything: CharSet = (1n << 129n) - 1n;

/** Characters that a node can begin with, and whether it can match nothing. */
interface Start {
  readonly set: CharSet;
  readonly empty: boolean;
}

/**
 * Why a pattern could take more than linear time on V8's backtracking engine, or undefined where it cannot.
 * Sufficient, not necessary: it refuses some patterns that are harmless.
 *
 * A repeat without bound passes when (1) nothing that may follow it begins with one of its own characters, so
 * that giving characters back is pointless, and (2) something before it needs a character that it does not
 * hold, or the line's start, so that two starts never run over the same characters. A bounded repeat that fails
 * (1) multiplies the tries by its bound; the product may not exceed MAX_TRIES.
 */
export function superLinearReason(node: PatternNode): string | undefined {
  const check = new Check();
  check.visit(node, { set: 0n, empty: true }, []);
  if (check.reason !== undefined) return check.reason;
  return check.tries > MAX_TRIES
    ? `its gaps multiply to ${check.tries} tries, more than ${MAX_TRIES}`
    : undefined;
}

class Check {
  reason: string | undefined;
  tries = 1;

  /** `after` is what may follow the node; `before` are sets of which each match so far holds a character. */
  visit(node: PatternNode, after: Start, before: readonly CharSet[]): readonly CharSet[] {
    switch (node.kind) {
      case 'set':
        return [...before, node.set];
      case 'edge':
        return node.start ? [...before, 0n] : before; // an empty set is apart from every other
      case 'choice':
        for (const option of node.options) this.visit(option, after, before);
        return before;
      case 'sequence':
        return node.parts.reduce(
          (seen, part, index) => this.visit(part, startOf(node.parts.slice(index + 1), after), seen),
          before,
        );
      case 'repeat':
        return this.#repeat(node, after, before);
    }
  }

  #repeat(
    node: Extract<PatternNode, { kind: 'repeat' }>,
    after: Start,
    before: readonly CharSet[],
  ): readonly CharSet[] {
    const { of, min, max } = node;
    const body = of.kind === 'set' ? of.set : undefined;
    if (max === 1) {
      const start = startOf([of], { set: 0n, empty: true });
      if (setsOverlap(start.set, after.set)) this.tries *= 2;
      this.visit(of, after, before);
      return before;
    }
    if (body === undefined) return this.#group(of, max, after, before);
    const givesBack = setsOverlap(body, after.set);
    if (max === Infinity) {
      if (givesBack) this.reason ??= 'a repeat without bound is followed by characters that it takes itself';
      if (!before.some((set) => !setsOverlap(set, body))) {
        this.reason ??= 'a repeat without bound has nothing before it that parts one start from the next';
      }
    } else if (givesBack) {
      this.tries *= max - min + 1;
    }
    return min > 0 ? [...before, body] : before;
  }

  #group(of: PatternNode, max: number, after: Start, before: readonly CharSet[]): readonly CharSet[] {
    const start = startOf([of], { set: 0n, empty: true });
    if (start.empty) this.reason ??= 'a repeated group can match nothing';
    // Every round must begin with a character that neither the rest of the group nor what follows can hold.
    const inner = contentsBehindStart(of);
    if (inner === undefined || setsOverlap(start.set, inner) || setsOverlap(start.set, after.set)) {
      if (max === Infinity) this.reason ??= 'a repeated group does not begin with a character of its own';
      else this.tries *= 4 * max;
    }
    this.visit(of, { set: after.set | start.set, empty: true }, before);
    return before;
  }
}

function startOf(parts: readonly PatternNode[], after: Start): Start {
  let set: CharSet = 0n;
  for (const part of parts) {
    const start = nodeStart(part);
    set |= start.set;
    if (!start.empty) return { set, empty: false };
  }
  return { set: set | after.set, empty: after.empty };
}

function nodeStart(node: PatternNode): Start {
  switch (node.kind) {
    case 'set':
      return { set: node.set, empty: false };
    case 'edge':
      return { set: 0n, empty: true };
    case 'choice': {
      const starts = node.options.map(nodeStart);
      return {
        set: starts.reduce((union, start) => union | start.set, 0n),
        empty: starts.some((start) => start.empty),
      };
    }
    case 'sequence':
      return startOf(node.parts, { set: 0n, empty: true });
    case 'repeat': {
      const start = nodeStart(node.of);
      return { set: start.set, empty: start.empty || node.min === 0 };
    }
  }
}

/** Characters of a group behind its first one; undefined where it does not begin with a plain character. */
function contentsBehindStart(node: PatternNode): CharSet | undefined {
  if (node.kind === 'set') return 0n;
  if (node.kind !== 'sequence') return undefined;
  const [first, ...rest] = node.parts;
  if (first?.kind !== 'set') return undefined;
  return rest.reduce((union, part) => union | contents(part), 0n);
}

function contents(node: PatternNode): CharSet {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'edge':
      return 0n;
    case 'choice':
      return node.options.reduce((union, option) => union | contents(option), 0n);
    case 'sequence':
      return node.parts.reduce((union, part) => union | contents(part), 0n);
    case 'repeat':
      return node.max === 0 ? everything : contents(node.of);
  }
}

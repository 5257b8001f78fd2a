import { onlyCharacter } from './char-set.ts';
import type { PatternNode } from './parse-pattern.ts';

/** Shortest literal that narrows anything down. */
export const MIN_LITERAL = 3;

const MAX_ALTERNATIVES = 32;

/**
 * Literals of which one occurs in whatever the pattern matches, in lower case; the set whose shortest member is
 * longest. Undefined where there is no such set.
 */
export function requiredLiterals(node: PatternNode): readonly string[] | undefined {
  const best = candidates(node).reduce<readonly string[] | undefined>(
    (winner, candidate) => (winner === undefined || worth(candidate) > worth(winner) ? candidate : winner),
    undefined,
  );
  return best === undefined || Math.min(...best.map((literal) => literal.length)) < MIN_LITERAL
    ? undefined
    : best;
}

const worth = (literals: readonly string[]): number =>
  Math.min(12, ...literals.map((literal) => literal.length)) - literals.length / MAX_ALTERNATIVES;

function candidates(node: PatternNode): readonly (readonly string[])[] {
  switch (node.kind) {
    case 'edge':
      return [];
    case 'set': {
      const only = onlyCharacter(node.set);
      return only === undefined || !/[\x20-\x7e]/.test(only) ? [] : [[only]];
    }
    case 'repeat':
      return node.min > 0 ? candidates(node.of) : [];
    case 'choice': {
      const options = node.options.map(requiredLiterals);
      const literals = options.flatMap((option) => option ?? []);
      const all = options.every((option) => option !== undefined) && literals.length <= MAX_ALTERNATIVES;
      return all ? [[...new Set(literals)]] : [];
    }
    case 'sequence':
      return inSequence(node.parts);
  }
}

function inSequence(parts: readonly PatternNode[]): readonly (readonly string[])[] {
  const found: (readonly string[])[] = [];
  let run = '';
  const close = (): void => {
    if (run !== '') found.push([run]);
    run = '';
  };
  for (const part of flattened(parts)) {
    const unit = part.kind === 'set' ? onlyCharacter(part.set) : undefined;
    if (unit !== undefined && /[\x20-\x7e]/.test(unit)) {
      run += unit;
      continue;
    }
    close();
    found.push(...candidates(part));
  }
  close();
  return found;
}

const flattened = (parts: readonly PatternNode[]): readonly PatternNode[] =>
  parts.flatMap((part) => (part.kind === 'sequence' ? flattened(part.parts) : [part]));

import { maskMessage } from '../fingerprint/mask-message.ts';
import type { LearnedPattern, LearnedPatterns } from './learned-pattern.ts';

/** Lines that are masked and looked up, at most. */
const MAX_LINES = 64;

/** Learned patterns ready to use: one look-up for each line. */
export class PatternSet {
  readonly #byTemplate: ReadonlyMap<string, LearnedPattern>;

  constructor({ patterns }: LearnedPatterns) {
    const best = new Map<string, LearnedPattern>();
    for (const pattern of patterns) {
      const known = best.get(pattern.template);
      if (known === undefined || known.confidence < pattern.confidence) best.set(pattern.template, pattern);
    }
    this.#byTemplate = best;
  }

  /** The pattern with the highest confidence that one of the lines reads as, and that line. */
  match(lines: readonly string[]): { readonly pattern: LearnedPattern; readonly line: string } | undefined {
    if (this.#byTemplate.size === 0) return undefined;
    let best: { readonly pattern: LearnedPattern; readonly line: string } | undefined;
    for (const line of lines.slice(0, MAX_LINES)) {
      if (line === '') continue;
      const pattern = this.#byTemplate.get(maskMessage(line));
      if (pattern !== undefined && pattern.confidence > (best?.pattern.confidence ?? 0))
        best = { pattern, line };
    }
    return best;
  }
}

import { hashOf } from '@faultline/stream';
import { maskMessage } from '../fingerprint/mask-message.ts';
import type { LearnedPatterns } from './learned-pattern.ts';

/** An outcome that somebody or something confirmed: the line that stated the cause, and what it was. */
export interface ConfirmedLabel {
  readonly line: string;
  readonly category: string;
  readonly remedy?: string;
}

/** When a template becomes a pattern. */
export interface MiningOptions {
  /** Confirmed outcomes that it takes. */
  readonly minSupport: number;
  /** Confidence that it takes. */
  readonly minConfidence: number;
}

/** What reads as no more than this many units once masked says nothing. */
const MIN_TEMPLATE_UNITS = 12;

/** Mines patterns: templates whose confirmed outcomes agree often enough. The order of the labels does not matter. */
export function minePatterns(labels: readonly ConfirmedLabel[], options: MiningOptions): LearnedPatterns {
  const groups = new Map<string, ConfirmedLabel[]>();
  for (const label of labels) {
    const template = maskMessage(label.line);
    if (template.length < MIN_TEMPLATE_UNITS) continue;
    const group = groups.get(template);
    if (group === undefined) groups.set(template, [label]);
    else group.push(label);
  }
  const patterns = [...groups].flatMap(([template, group]) => {
    const counts = new Map<string, number>();
    for (const { category } of group) counts.set(category, (counts.get(category) ?? 0) + 1);
    const [category, hits] = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] as [
      string,
      number,
    ];
    const confidence = (hits + 1) / (group.length + 2);
    if (group.length < options.minSupport || confidence < options.minConfidence) return [];
    const remedy = group.find((label) => label.category === category && label.remedy !== undefined)?.remedy;
    return [
      {
        id: `learned-${hashOf('pattern', template, category).slice(0, 12)}`,
        template,
        category,
        ...(remedy === undefined ? {} : { remedy }),
        support: group.length,
        confidence,
      },
    ];
  });
  return { format: 1, patterns: patterns.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

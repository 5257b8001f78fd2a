import type { Region } from '../../services/classifier/src/domain/region/find-region.ts';

/** F1 of the lines of a region against the labelled ones, repeated texts counted. */
export function lineF1({ log, lines }: Region, gold: ReadonlySet<number>): number {
  const texts = (indexes: Iterable<number>): readonly string[] =>
    [...indexes]
      .map((line) => (log.clean[line] as string).replace(/\s+/g, ' '))
      .filter((text) => text !== '');
  const left = new Map<string, number>();
  const wanted = texts(gold);
  for (const text of wanted) left.set(text, (left.get(text) ?? 0) + 1);
  const found = texts(lines);
  let both = 0;
  for (const text of found) {
    const count = left.get(text) ?? 0;
    if (count > 0) both += 1;
    left.set(text, count - 1);
  }
  return both === 0 ? 0 : (2 * both) / (found.length + wanted.length);
}

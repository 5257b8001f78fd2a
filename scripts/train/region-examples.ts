import { splitLines } from '../../services/classifier/src/domain/text/split-lines.ts';
import { cleanLine } from '../../services/classifier/src/domain/text/clean-line.ts';

/** A log with the lines that explain its failure, and the project that it is from. */
export interface RegionExample {
  readonly project: string;
  readonly log: string;
  readonly gold: ReadonlySet<number>;
}

/** Reads an item of the regions packs: gold as text of consecutive lines, or as indexes. */
export function regionExample(item: Readonly<Record<string, unknown>>): RegionExample {
  const indexes =
    item['gold_lines'] ?? (item['gold_line_index'] === undefined ? undefined : [item['gold_line_index']]);
  const log = String(item['fail_log'] ?? item['log']);
  const project = String(item['repo'] ?? String(item['id']).replace(/_\d+$/, ''));
  if (Array.isArray(indexes)) return { project, log, gold: new Set(indexes as number[]) };
  return { project, log, gold: locate(splitLines(log), splitLines(String(item['chunk']))) };
}

const plain = (line: string): string => cleanLine(line).replace(/\s+/g, ' ');

/** Where a text of consecutive lines stands in a log: the place with most agreeing lines, the last of equals. */
function locate(log: readonly string[], chunk: readonly string[]): ReadonlySet<number> {
  const wanted = chunk.map(plain).filter((line) => line !== '');
  const filled = log.map((line, index) => ({ text: plain(line), index })).filter(({ text }) => text !== '');
  const heads = new Set(wanted);
  let best = -1;
  let bestHits = 0;
  for (let start = 0; start < filled.length; start += 1) {
    if (!heads.has(filled[start]?.text ?? '') && !heads.has(filled[start + 1]?.text ?? '')) continue;
    let hits = 0;
    for (let step = 0; step < wanted.length; step += 1)
      if (filled[start + step]?.text === wanted[step]) hits += 1;
    if (hits >= bestHits && hits > 0) {
      best = start;
      bestHits = hits;
    }
  }
  return new Set(best < 0 ? [] : filled.slice(best, best + wanted.length).map(({ index }) => index));
}

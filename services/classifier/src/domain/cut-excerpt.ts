import type { ChainLink, Classification, ErrorEvent, Evidence, LineRange } from '@faultline/schemas';

/** Largest excerpt behind the classifier, in bytes of UTF-8. */
export const EXCERPT_BYTES = 64 * 1024;

/** What a line between says of the lines that were left out takes at most, in bytes. */
const GAP_BYTES = 64;

/** The event with its log cut around the region, and the classification with its lines counted anew. */
export interface Cut {
  readonly event: ErrorEvent;
  readonly classification: Classification;
}

/**
 * Cuts the log of an event to so many bytes: the region first, then the lines around it, nearest first, then the
 * end of the log. What is left out is counted and said; a log that fits stays as it is.
 */
export function cutExcerpt(
  event: ErrorEvent,
  classification: Classification,
  maxBytes: number = EXCERPT_BYTES,
): Cut {
  const { log } = event;
  if (log === null || log.text.length * 3 <= maxBytes || Buffer.byteLength(log.text) <= maxBytes) {
    return { event, classification };
  }
  const lines = log.text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const kept = keptLines(lines, classification, maxBytes);
  const renumbered = new Map<number, number>();
  let text = '';
  let omitted = 0;
  let next = 0;
  let last = -1;
  const gap = (until: number): void => {
    const missing = until - last - 1;
    if (missing <= 0) return;
    text += `[${missing} lines left out]\n`;
    omitted += missing;
    next += 1;
  };
  for (const { line, part } of kept) {
    gap(line);
    text += part;
    renumbered.set(line, next);
    next += 1;
    last = line;
  }
  gap(lines.length);
  return {
    event: {
      ...event,
      log: { ...log, text, truncated: true, omittedLines: (log.omittedLines ?? 0) + omitted },
    },
    classification: renumber(classification, renumbered),
  };
}

interface Kept {
  readonly line: number;
  readonly part: string;
}

/** Longest part of one line that is kept, so that one endless line cannot take the whole excerpt. */
const MAX_LINE_BYTES = 8 * 1024;

function keptLines(
  lines: readonly string[],
  { region, causeLine }: Classification,
  maxBytes: number,
): readonly Kept[] {
  const kept = new Map<number, string>();
  let left = maxBytes - 8 * GAP_BYTES;
  const take = (line: number): boolean => {
    if (line < 0 || line >= lines.length || kept.has(line)) return true;
    const whole = lines[line] as string;
    const part =
      Buffer.byteLength(whole) > MAX_LINE_BYTES ? `${cutBytes(whole, MAX_LINE_BYTES - 1)}\n` : whole;
    // A line that stands apart brings a line that counts the gap.
    const apart = kept.has(line - 1) || kept.has(line + 1) ? 0 : GAP_BYTES;
    const size = Buffer.byteLength(part) + apart;
    if (size > left) return false;
    left -= size;
    kept.set(line, part);
    return true;
  };
  if (causeLine !== null) take(causeLine.line);
  for (const { first, last } of region) {
    for (let line = first; line <= last; line += 1) if (!take(line)) break;
  }
  const first = region[0]?.first ?? lines.length;
  const end = region.at(-1)?.last ?? lines.length;
  let up = true;
  let down = true;
  for (let step = 1; (up || down) && step <= lines.length; step += 1) {
    up &&= first - step >= 0 && take(first - step);
    down &&= end + step < lines.length && take(end + step);
  }
  return [...kept].map(([line, part]) => ({ line, part })).sort((a, b) => a.line - b.line);
}

/** The longest start of a text that fits into so many bytes, cut between characters. */
function cutBytes(text: string, bytes: number): string {
  const cut = Buffer.from(text).subarray(0, bytes).toString('utf8');
  return cut.endsWith('\ufffd') ? cut.slice(0, -1) : cut;
}

function renumber(classification: Classification, lines: ReadonlyMap<number, number>): Classification {
  const link = (old: ChainLink | null): ChainLink | null =>
    old === null ? null : { ...old, line: lines.get(old.line) ?? -1 };
  const range = ({ first, last }: LineRange): readonly LineRange[] => {
    const known = Array.from({ length: last - first + 1 }, (_, step) => lines.get(first + step)).filter(
      (line) => line !== undefined,
    );
    const [start] = known;
    const end = known.at(-1);
    return start === undefined || end === undefined ? [] : [{ first: start, last: end }];
  };
  return {
    ...classification,
    causeLine: link(classification.causeLine),
    symptomLine: link(classification.symptomLine),
    exitLine: link(classification.exitLine),
    region: classification.region.flatMap(range),
    evidence: classification.evidence.map((one): Evidence =>
      one.line === null ? one : { ...one, line: lines.get(one.line) ?? null },
    ),
  };
}

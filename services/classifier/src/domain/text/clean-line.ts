import { stripBareColours, stripEscapes } from './strip-escapes.ts';

/** Longest part of one line that is looked at, in UTF-16 units; what is behind it explains nothing. */
export const MAX_LINE_UNITS = 4096;

const stamp =
  /^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?)(?:\s|$)/;

/** A line without escapes, one leading timestamp and white space at its ends, cut at MAX_LINE_UNITS. */
export function cleanLine(line: string): string {
  const cut = line.length > MAX_LINE_UNITS ? line.slice(0, MAX_LINE_UNITS) : line;
  const bare = stripBareColours(stripEscapes(cut)).trim();
  const first = bare.charCodeAt(0);
  const digitOrBracket = first === 0x5b || (first >= 0x30 && first <= 0x39);
  return digitOrBracket ? bare.replace(stamp, '').trimStart() : bare;
}

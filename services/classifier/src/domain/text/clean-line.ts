import { stripBareColours, stripEscapes } from './strip-escapes.ts';

/** Longest part of one line that is looked at, in UTF-16 units; what is behind it explains nothing. */
export const MAX_LINE_UNITS = 4096;

const stamp =
  /^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?(?: \d\d[OE]\+?)?|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?)(?:\s|$)/;

/** `job<TAB>step<TAB>time text`, as the command line of GitHub prints the logs of a run. */
const jobPrefix = /^[^\t]{1,200}\t[^\t]{1,200}\t(?=\ufeff?\d{4}-\d\d-\d\dT)/;

/** A line without escapes, the prefixes of CI systems and white space at its ends, cut at MAX_LINE_UNITS. */
export function cleanLine(line: string): string {
  const cut = line.length > MAX_LINE_UNITS ? line.slice(0, MAX_LINE_UNITS) : line;
  const bare = stripBareColours(stripEscapes(cut)).trim();
  const tab = bare.indexOf('\t');
  const text = tab > 0 && tab < 200 ? bare.replace(jobPrefix, '') : bare;
  const first = text.charCodeAt(0);
  const digitOrBracket = first === 0x5b || (first >= 0x30 && first <= 0x39);
  return digitOrBracket ? text.replace(stamp, '').trimStart() : text;
}

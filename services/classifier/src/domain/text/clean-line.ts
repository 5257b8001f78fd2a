import { stripBareColours, stripEscapes } from './strip-escapes.ts';

/** Longest part of one line that is looked at, in UTF-16 units; what is behind it explains nothing. */
export const MAX_LINE_UNITS = 4096;

const stamp =
  /^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?(?: \d\d[OE]\+?)?|\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?)(?:\s|$)/;

/** `job<TAB>step<TAB>time text`, as the command line of GitHub prints the logs of a run. */
const jobPrefix = /^[^\t]{1,200}\t[^\t]{1,200}\t(?=\ufeff?\d{4}-\d\d-\d\dT)/;

/**
 * A line without escapes, the prefixes of CI systems and white space at its ends, cut at MAX_LINE_UNITS. `bare`: the
 * whole text is known to hold no escapes.
 */
export function cleanLine(line: string, bare = false): string {
  const cut = line.length > MAX_LINE_UNITS ? line.slice(0, MAX_LINE_UNITS) : line;
  const stripped = stripBareColours(bare ? cut : stripEscapes(cut)).trim();
  const tab = stripped.indexOf('\t');
  const text = tab > 0 && tab < 200 ? stripped.replace(jobPrefix, '') : stripped;
  return mayBeStamp(text) ? text.replace(stamp, '').trimStart() : text;
}

/** Whether a text begins with the hyphen or colon of a date or time where a stamp has it. */
function mayBeStamp(text: string): boolean {
  const first = text.charCodeAt(0);
  const at = first === 0x5b ? 1 : 0;
  const digit = text.charCodeAt(at);
  return (
    digit >= 0x30 && digit <= 0x39 && (text.charCodeAt(at + 4) === 0x2d || text.charCodeAt(at + 2) === 0x3a)
  );
}

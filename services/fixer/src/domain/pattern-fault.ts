/** A group that repeats without end something that repeats without end: `(a+)+`, `(a|b*)*`. */
const NESTED = /\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*(?:[*+]|\{\d+,\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,\})/;
/** Anything but a bounded number of open-ended parts makes the cost a high power of the line's length. */
const OPEN_ENDED = /(?:[*+]|\{\d+,\})/g;
const MOST_OPEN_ENDED = 3;

/** The pattern with escapes and classes taken out, so that what is left is structure. */
const structure = (pattern: string): string =>
  pattern.replaceAll(/\\./g, 'x').replaceAll(/\[(?:\^?\]?[^\]]*)\]/g, 'x');

/**
 * Why a pattern may not run over log lines; undefined where it may. Look-around, back references and repeated
 * repetition are refused, and open-ended parts are bounded in number, so that on a line of bounded length the
 * cost is bounded too.
 */
export function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'i');
  } catch (error) {
    return `not a regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
  if (/\\(?:[1-9]|k<)/.test(pattern)) return 'back references are not allowed';
  if (/\(\?(?:[=!]|<[=!])/.test(pattern)) return 'look-around is not allowed';
  const plain = structure(pattern);
  if (NESTED.test(plain)) return 'a repeated group repeats within itself';
  if ((plain.match(OPEN_ENDED)?.length ?? 0) > MOST_OPEN_ENDED) {
    return `more than ${MOST_OPEN_ENDED} open-ended repetitions`;
  }
  return undefined;
}

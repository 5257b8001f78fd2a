/** A part that can match any number of characters: `x*`, `x+`, `x{2,}`. */
const OPEN_ENDED = /^(?:[*+]|\{\d+,\})/;
/** More open-ended parts than these make the cost too high a power of the line's length. */
const MOST_OPEN_ENDED = 3;

/** The pattern with escapes and classes taken out, so that what is left is structure. */
const structure = (pattern: string): string =>
  pattern.replaceAll(/\\./g, 'x').replaceAll(/\[\^?\]?[^\]]*\]/g, 'x');

/** Whether a group that repeats without end holds something that repeats without end, and how much does. */
function repetition(plain: string): { readonly nested: boolean; readonly openEnded: number } {
  const groups: boolean[] = [false];
  let [nested, openEnded] = [false, 0];
  for (let index = 0; index < plain.length; index += 1) {
    const sign = plain[index];
    const inner = sign === ')' ? (groups.pop() ?? false) : false;
    if (sign === '(') groups.push(false);
    const repeats = OPEN_ENDED.test(plain.slice(index + 1));
    if (sign === ')' && inner && repeats) nested = true;
    if (repeats) openEnded += 1;
    if (repeats || inner) groups[groups.length - 1] = true;
  }
  return { nested, openEnded };
}

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
  const { nested, openEnded } = repetition(structure(pattern));
  if (nested) return 'a repeated group repeats within itself';
  return openEnded > MOST_OPEN_ENDED ? `more than ${MOST_OPEN_ENDED} open-ended repetitions` : undefined;
}

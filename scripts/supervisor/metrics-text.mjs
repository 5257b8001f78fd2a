/**
 * The sum over all series of one metric in Prometheus' text format; null when there is none.
 *
 * @param {string} text
 * @param {string} name
 */
export function sumMetric(text, name) {
  let sum = null;
  for (const line of text.split('\n')) {
    if (!line.startsWith(name)) continue;
    const after = line[name.length];
    if (after !== '{' && after !== ' ') continue;
    // A label's value may hold blanks and braces: the number follows the last closing brace.
    const rest = after === '{' ? line.slice(line.lastIndexOf('}') + 1) : line.slice(name.length);
    const value = Number(rest.trim().split(/\s+/)[0]);
    if (Number.isFinite(value)) sum = (sum ?? 0) + value;
  }
  return sum;
}

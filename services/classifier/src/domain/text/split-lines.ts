/** Lines of a text; a line ends at CR LF, LF or a lone CR, as progress bars use it. */
export function splitLines(text: string): readonly string[] {
  return text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
}

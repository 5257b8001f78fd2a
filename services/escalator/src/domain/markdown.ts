const ESCAPE = String.fromCharCode(27);
const ANSI = new RegExp(`${ESCAPE}\\[[0-9;?]*[ -/]*[@-~]`, 'g');
// Control characters, and the format characters that hide text or make it read as something else.
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Text without escape sequences and unseen characters, cut at `max`, lone surrogates replaced. */
export function clean(text: string, max: number): string {
  const seen = text
    .replace(ANSI, '')
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, '')
    .replace(LONE_SURROGATE, '\ufffd');
  return seen.length <= max ? seen : `${seen.slice(0, max - 1).replace(LONE_SURROGATE, '')}…`;
}

/** The same on one line. */
export const oneLine = (text: string, max: number): string =>
  clean(text.slice(0, max * 8).replace(/\s+/g, ' '), max).trim();

/** Text as inline markdown that shows it as it is. */
export const inline = (text: string, max: number): string =>
  oneLine(text, max).replace(/[\\`*_{}[\]<>()#+!|~@]/g, (mark) => `\\${mark}`);

/** Text as a code block that nothing in it can end. */
export function fenced(text: string, max: number): string {
  const body = clean(text, max);
  const longest = Math.max(0, ...[...body.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${body}\n${fence}`;
}

const telling = /\b(?:error|fatal|fail(?:ed|ure)?|exception|panic|traceback|cannot|denied|refused|unable)\b/i;
// eslint-disable-next-line no-control-regex
const escapes = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
/** Characters of a headline; the log has the rest. */
const HEADLINE = 500;

/** The line of a log that says most at a first look: the last that names a failure, else the last one with text. */
export function headline(log: string): string {
  const lines = log
    .replace(escapes, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.findLast((line) => telling.test(line)) ?? lines.at(-1) ?? '').slice(0, HEADLINE);
}

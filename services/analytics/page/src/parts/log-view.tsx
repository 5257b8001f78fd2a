import type { Classification, LogExcerpt } from '@faultline/schemas';

/** Lines beside what decided that are shown of a long log. */
const AROUND = 12;
/** A log as long as this is shown whole. */
const SHORT = 60;

/** A log with the lines that decided marked: cause, symptom, exit, and the evidence. */
export function LogView({
  log,
  classification,
}: {
  readonly log: LogExcerpt;
  readonly classification: Classification | null;
}) {
  const lines = log.text.split('\n');
  const marks = new Map<number, string>();
  for (const { line } of classification?.evidence ?? []) if (line !== null) marks.set(line, 'evidence');
  if (classification?.exitLine != null) marks.set(classification.exitLine.line, 'exit');
  if (classification?.symptomLine != null) marks.set(classification.symptomLine.line, 'symptom');
  if (classification?.causeLine != null) marks.set(classification.causeLine.line, 'cause');
  const shown = (index: number): boolean =>
    lines.length <= SHORT || marks.size === 0
      ? index < 400
      : [...marks.keys()].some((mark) => Math.abs(mark - index) <= AROUND);
  let hidden = 0;
  return (
    <pre class="log" tabIndex={0} aria-label="Log of the error">
      {lines.map((text, index) => {
        if (!shown(index)) {
          hidden += 1;
          return null;
        }
        const gap = hidden;
        hidden = 0;
        const mark = marks.get(index);
        return (
          <>
            {gap > 0 ? <span class="gap">{gap} lines</span> : null}
            <span class={mark === undefined ? 'line' : `line ${mark}`}>
              <i>{index + 1}</i>
              {text === '' ? ' ' : text}
              {mark === undefined ? null : <em>{mark}</em>}
            </span>
          </>
        );
      })}
      {hidden > 0 ? <span class="gap">{hidden} lines</span> : null}
    </pre>
  );
}

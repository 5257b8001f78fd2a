import type { ErrorRecord } from '@faultline/schemas';

/** A line to look at, cleaned. */
export interface Line {
  readonly text: string;
  /** Whether the classifier, or the producer, holds it to be part of the cause. */
  readonly decisive: boolean;
}

/** A longer line is cut: no cause is longer, and the cost of a pattern stays bounded. */
const LINE_LENGTH = 1_000;
/** Lines of the log that are looked at besides the decisive ones, the last ones. */
const LOG_LINES = 500;
/** Decisive lines that are looked at. */
const DECISIVE_LINES = 200;

// Colours and cursor moves (ECMA-48) and other control characters, tabs excepted.
// oxlint-disable-next-line no-control-regex
const CONTROL = /\u001b\[[\d;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g;

const clean = (text: string): string => text.slice(0, LINE_LENGTH).replaceAll(CONTROL, '').trimEnd();
const split = (text: string): readonly string[] => text.split(/\r\n|\n|\r/);

/** The lines of a record, the decisive ones first: cause, symptom, evidence, message, stack, region, rest. */
export function linesOf({ event, classification }: ErrorRecord): readonly Line[] {
  const log = event.log === null ? [] : split(event.log.text);
  const region = (classification?.region ?? []).flatMap(({ first, last }) => log.slice(first, last + 1));
  const decisive = [
    classification?.causeLine?.text ?? '',
    classification?.symptomLine?.text ?? '',
    ...(classification?.evidence ?? []).map(({ text }) => text),
    event.message,
    event.stack ?? '',
    ...region,
  ]
    .flatMap(split)
    .slice(0, DECISIVE_LINES);
  const lines = [
    ...decisive.map((text) => ({ text: clean(text), decisive: true })),
    ...log.slice(-LOG_LINES).map((text) => ({ text: clean(text), decisive: false })),
  ];
  const seen = new Set<string>();
  return lines.filter(({ text }) => text !== '' && !seen.has(text) && seen.add(text));
}

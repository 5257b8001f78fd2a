import { problemsText, readContractInput, type ErrorEvent } from '@faultline/schemas';
import { createRedactor, cutAroundRegion, redactEvent } from '@faultline/classifier';
import { Fault, SENT_LOG_BYTES } from '@faultline/stream';
import { headline } from '../input/headline.ts';

/** What is filled where nothing else is said. */
export interface Filling {
  readonly id: string;
  readonly now: number;
  /** Facts of the run; options go before them. */
  readonly fields: Partial<ErrorEvent>;
}

/** Events of a JSON text: one object or a list. Throws a {@link Fault} that names each wrong field and its remedy. */
export function eventsOfJson(text: string, filling: () => Filling): readonly ErrorEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Fault('INPUT_INVALID', `no JSON: ${error instanceof Error ? error.message : String(error)}`, {
      remedy: 'give one event or a list of events as JSON, or leave --json out to send the text as it is',
    });
  }
  const list = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return list.map((input, index) => {
    const { id, now, fields } = filling();
    const read = readContractInput('ErrorEvent', input, { id, time: now, source: 'cli', ...fields });
    if (read.ok) return clean(read.value);
    const which = list.length === 1 ? '' : `event ${index}: `;
    throw new Fault('INPUT_INVALID', `${which}${problemsText(read.problems)}`, {
      remedy: 'correct the fields named above',
    });
  });
}

/** The event of a text: one line is the message, more are a log whose most telling line is the message. */
export function eventOfText(text: string, event: ErrorEvent): ErrorEvent {
  const trimmed = text.trim();
  if (trimmed === '') {
    throw new Fault('INPUT_INVALID', 'the text is empty', { remedy: 'give the error or the log' });
  }
  if (!trimmed.includes('\n')) return clean({ ...event, message: trimmed });
  return clean({
    ...event,
    message: headline(text),
    log: { text, truncated: false, omittedLines: null, pointer: null },
  });
}

const redactor = createRedactor();

/** Without secrets and with no more of a log than travels: before anything leaves this process. */
export function clean(event: ErrorEvent): ErrorEvent {
  const { log } = event;
  if (log === null || Buffer.byteLength(log.text) <= SENT_LOG_BYTES) return redactEvent(event, redactor);
  const cut = cutAroundRegion(log.text, SENT_LOG_BYTES, log.pointer);
  const omittedLines = (log.omittedLines ?? 0) + (cut.omittedLines ?? 0);
  return redactEvent({ ...event, log: { ...cut, truncated: true, omittedLines } }, redactor);
}

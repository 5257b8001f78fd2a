import type { ErrorEvent } from '@faultline/schemas';
import type { EventReading } from '../read-event.ts';

/** What the model looks at. */
export interface ModelInput {
  /** Lines that state the failure, the strongest first. */
  readonly lines: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly tool: string | null;
  readonly exceptionType: string | null;
}

/** Lines that the model reads. */
const MAX_LINES = 24;

/** The input of the model from an event: its message, the region of its log, its exception. */
export function modelInput(event: ErrorEvent, reading: EventReading): ModelInput {
  const { region } = reading;
  const ofRegion =
    region === undefined
      ? []
      : region.lines.slice(0, MAX_LINES).map((line) => region.log.clean[line] as string);
  const message = reading.messageIsWrapper && ofRegion.length > 0 ? [] : reading.message;
  return {
    lines: [...message, ...reading.stack.slice(0, 3), ...ofRegion].slice(0, MAX_LINES),
    exitCode: event.exitCode,
    signal: event.signal,
    tool: event.labels['tool'] ?? event.task,
    exceptionType: reading.crash?.type ?? reading.trace?.type ?? event.type,
  };
}

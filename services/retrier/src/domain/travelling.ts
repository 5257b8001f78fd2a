import type { ErrorEvent } from '@faultline/schemas';

/**
 * The event as it lies on errors.delayed: without the lines of its log. What the stages behind need of them
 * stands in the classification; the pointer to the whole log stays, and `truncated` says that lines are gone.
 */
export function travelling(event: ErrorEvent): ErrorEvent {
  const { log } = event;
  if (log === null || log.text === '') return event;
  if (log.pointer === null) return { ...event, log: null };
  return { ...event, log: { text: '', truncated: true, omittedLines: null, pointer: log.pointer } };
}

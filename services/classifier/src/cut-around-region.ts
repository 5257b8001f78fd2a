import { errorEvent, type LogExcerpt } from '@faultline/schemas';
import { classifyWhole } from './classify-text.ts';
import { cutExcerpt } from './domain/cut-excerpt.ts';

/** Largest log that a producer of ours sends, in bytes of UTF-8. */
export const SOURCE_LOG_BYTES = 1024 * 1024;

/**
 * A log as a producer sends it: without secrets, whole where it fits, else cut around what explains the failure by
 * the same code that the line runs. What is left out is counted, and said in the text too.
 */
export function cutAroundRegion(
  text: string,
  maxBytes: number = SOURCE_LOG_BYTES,
  pointer: string | null = null,
): LogExcerpt {
  const log: LogExcerpt = { text, truncated: false, omittedLines: null, pointer };
  const event = errorEvent({ id: 'source', time: 0, source: 'source', message: '', log });
  const { original, redacted } = classifyWhole(event);
  return cutExcerpt(redacted, original, maxBytes).event.log ?? log;
}

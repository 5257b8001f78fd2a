import type { LogExcerpt } from '@faultline/schemas';

/** Largest log that our own producers send: well below the 8 MiB that the broker takes. */
export const SENT_LOG_BYTES = 512 * 1024;

/** Share of the kept bytes that comes from the beginning: causes are mostly near the end, causes of causes not. */
const HEAD_SHARE = 0.25;
const NEWLINE = 0x0a;

/**
 * A log as it travels: whole where it fits, else its beginning and its end, cut at lines where there are any,
 * with a line between that says how many were left out.
 */
export function cutLog(
  text: string,
  maxBytes: number = SENT_LOG_BYTES,
  pointer: string | null = null,
): LogExcerpt {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) {
    return { text, truncated: false, omittedLines: null, pointer };
  }
  const bytes = Buffer.from(text);
  const headEnd = lineEndBefore(bytes, Math.floor(maxBytes * HEAD_SHARE));
  const tailStart = lineStartAfter(bytes, bytes.length - (maxBytes - headEnd));
  let omittedLines = 0;
  for (let index = headEnd; index < tailStart; index += 1) if (bytes[index] === NEWLINE) omittedLines += 1;
  const head = bytes.toString('utf8', 0, headEnd);
  const tail = bytes.toString('utf8', tailStart);
  const gap = `[${omittedLines} lines, ${tailStart - headEnd} bytes left out]\n`;
  return {
    text: `${head}${head === '' || head.endsWith('\n') ? '' : '\n'}${gap}${tail}`,
    truncated: true,
    omittedLines,
    pointer,
  };
}

/** Behind the last line end at or before `at`; a line longer than half of what is kept is cut inside. */
function lineEndBefore(bytes: Buffer, at: number): number {
  const newline = bytes.lastIndexOf(NEWLINE, at - 1);
  return newline + 1 > at / 2 ? newline + 1 : characterStart(bytes, at);
}

function lineStartAfter(bytes: Buffer, at: number): number {
  if (bytes[at - 1] === NEWLINE) return at;
  const newline = bytes.indexOf(NEWLINE, at);
  const kept = bytes.length - at;
  return newline >= 0 && newline - at < kept / 2 ? newline + 1 : characterStart(bytes, at);
}

/** The next place where a character of UTF-8 begins. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}

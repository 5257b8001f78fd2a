import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLog } from './cut-log.ts';

const GAP_BYTES = 80;

describe('a log as it travels', () => {
  it('is whole where it fits', () => {
    expect(cutLog('a\nb\n', 100)).toEqual({
      text: 'a\nb\n',
      truncated: false,
      omittedLines: null,
      pointer: null,
    });
  });

  it('keeps the beginning and the end by lines, and says what is missing', () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
    const cut = cutLog(lines.join('\n'), 400);
    const kept = cut.text.split('\n');
    expect(kept[0]).toBe('line 0');
    expect(kept.at(-1)).toBe('line 999');
    expect(kept.filter((line) => line.startsWith('line')).every((line) => lines.includes(line))).toBe(true);
    expect(cut.omittedLines).toBe(1_000 - (kept.length - 1));
    expect(cut.truncated).toBe(true);
  });

  it('cuts inside a line only where the line is longer than what is kept', () => {
    const cut = cutLog('é'.repeat(10_000), 1_000);
    expect(cut.text).not.toContain('\uFFFD');
    expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(1_000 + GAP_BYTES);
  });

  it('never exceeds its bound by more than the line that tells of the gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 60 }),
        fc.integer({ min: 16, max: 600 }),
        (lines, max) => {
          const text = lines.join('\n');
          const cut = cutLog(text, max);
          expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(max + GAP_BYTES);
          if (!cut.truncated) expect(cut.text).toBe(text);
        },
      ),
    );
  });
});

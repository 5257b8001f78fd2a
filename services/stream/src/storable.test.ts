import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storableJson, storableText } from './storable.ts';

describe('storable text', () => {
  it('holds no NUL and no half of a pair, and leaves all else alone', () => {
    expect(storableText('a\0b\ud800c\udc00d😀')).toBe('a\ufffdb\ufffdc\ufffdd😀');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const stored = storableText(text);
        expect(stored).not.toContain('\0');
        expect(Buffer.from(stored).toString()).toBe(stored);
        expect(storableText(stored)).toBe(stored);
      }),
    );
  });
});

describe('storable JSON', () => {
  it('is clean at every depth, in keys too', () => {
    expect(JSON.parse(storableJson({ 'k\0': ['\0', { deep: 'x\ud800' }], n: 1 }))).toEqual({
      'k\ufffd': ['\ufffd', { deep: 'x\ufffd' }],
      n: 1,
    });
  });
});

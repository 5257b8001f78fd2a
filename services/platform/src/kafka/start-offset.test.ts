import { describe, expect, it } from 'vitest';
import { startOffset } from './start-offset.ts';

const at = { topic: 't', partition: 3, group: 'g' };

describe('startOffset', () => {
  it('goes on where the group stands, else from the start of the log', () => {
    expect(startOffset(7, { low: 5, high: 9 }, at)).toBe(7);
    expect(startOffset(undefined, { low: 5, high: 9 }, at)).toBe(5);
    expect(startOffset(9, { low: 5, high: 9 }, at)).toBe(9);
  });

  it.each([
    [4, /1 offsets were deleted/],
    [10, /cut or recreated/],
  ])('refuses to go on elsewhere in silence: committed %i', (committed, message) => {
    expect(() => startOffset(committed, { low: 5, high: 9 }, at)).toThrow(
      expect.objectContaining({ code: 'OFFSET_OUT_OF_RANGE', message: expect.stringMatching(message) }),
    );
    expect(() => startOffset(committed, { low: 5, high: 9 }, at)).toThrow(/t\[3\] holds offsets 5 to 9/);
  });
});

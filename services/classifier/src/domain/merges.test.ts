import { describe, expect, it } from 'vitest';
import { groupOf } from './merges.ts';

describe('groupOf', () => {
  it('follows merges to their end, ends in a ring, and knows nothing of inherited names', () => {
    expect(groupOf({ format: 1, groups: { a: 'b', b: 'c' } }, 'a')).toBe('c');
    expect(groupOf({ format: 1, groups: { a: 'b', b: 'a' } }, 'a')).toBe('b');
    expect(groupOf({ format: 1, groups: {} }, 'constructor')).toBe('constructor');
  });
});

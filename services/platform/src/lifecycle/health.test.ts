import { describe, expect, it } from 'vitest';
import { Health } from './health.ts';

describe('Health', () => {
  it('is ready when everything is up and nothing drains', () => {
    const health = new Health();
    expect(health.ready).toBe(false);
    health.up('a');
    expect(health.ready).toBe(true);
    health.down('b', new Error('gone'), 'bring it back');
    expect(health.ready).toBe(false);
    expect(health.report()['b']).toMatchObject({ up: false, lastError: 'gone', remedy: 'bring it back' });
    health.up('b');
    expect(health.ready).toBe(true);
    health.drain();
    expect(health.ready).toBe(false);
  });

  it('keeps since when, and the last error for whoever comes later', () => {
    let now = 1;
    const changes: [string, boolean][] = [];
    const health = new Health({ now: () => now, onChange: (component, up) => changes.push([component, up]) });
    health.down('a', 'first', 'r');
    now = 2;
    health.down('a', 'second', 'r');
    expect(health.report()['a']?.since).toBe(1);
    now = 3;
    health.up('a');
    expect(health.report()['a']).toEqual({ up: true, since: 3, lastError: 'second', remedy: null });
    expect(changes).toEqual([
      ['a', false],
      ['a', true],
    ]);
  });

  it('forgets what went elsewhere', () => {
    const health = new Health();
    health.up('x');
    health.down('x:t:0', 'gone', 'r');
    health.forget('x:');
    expect(health.ready).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { maskMessage } from './mask.ts';
import { normaliseOutput } from './normalise.ts';

describe('maskMessage', () => {
  it('takes two runs of one failure for the same', () => {
    const first = maskMessage(
      "Error: ENOENT: no such file or directory, open '/tmp/a1/manifest.json' (attempt 1 of 3)",
    );
    const second = maskMessage(
      "Error: ENOENT: no such file or directory, open '/tmp/b2/x.json' (attempt 2 of 3)",
    );
    expect(first).toBe(second);
  });

  it('masks addresses, paths, hexadecimal and colours', () => {
    expect(
      maskMessage('\u001b[31mGET https://a.example/x?y=1 failed\u001b[0m in /usr/lib/a.so at 0x7fff12ab'),
    ).toBe('GET <url> failed in <path> at <hex>');
  });

  it('keeps apostrophes of words and tells other messages apart', () => {
    expect(maskMessage("Can't resolve './a' here, it isn't there")).toBe(
      "Can't resolve <quoted> here, it isn't there",
    );
    expect(maskMessage('connection refused')).not.toBe(maskMessage('connection reset'));
  });
});

describe('normaliseOutput', () => {
  it('replaces the longest text first and leaves short host names inside words alone', () => {
    const rules = [
      { from: '/tmp/x', to: '/b' },
      { from: '/tmp/x/app', to: '/p' },
    ];
    expect(normaliseOutput('/tmp/x/app/a.js node:vm ada@vm', rules, 'vm')).toBe('/p/a.js node:vm ada@runner');
  });

  it('replaces a long host name as a whole word', () => {
    expect(normaliseOutput('on build-host-7: ok', [], 'build-host-7')).toBe('on runner: ok');
  });
});

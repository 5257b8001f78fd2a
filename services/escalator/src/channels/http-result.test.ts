import { describe, expect, it } from 'vitest';
import { OutboundRefused } from '../outbound-guard.ts';
import { failedAnswer, failedCall, retryAfterMs } from './http-result.ts';

const now = Date.UTC(2026, 0, 1);

describe('what an answer means', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thu, 01 Jan 2025 00:00:00 GMT', 0],
    ['86400', 3_600_000], // asked again after an hour
    ['soon', null],
    ['', null],
    [null, null],
  ])('Retry-After %j is %j ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });

  it.each([
    [400, 'refused', undefined],
    [401, 'refused', undefined],
    [404, 'refused', undefined],
    [408, 'retry', false],
    [410, 'gone', undefined],
    [425, 'retry', false],
    [429, 'retry', false],
    [500, 'retry', true],
    [502, 'retry', true],
    [503, 'retry', false],
    [504, 'retry', true],
  ])('HTTP %i: %s', (status, kind, doubtful) => {
    expect(failedAnswer(status, 'why', null, now)).toMatchObject({
      kind,
      error: `HTTP ${status}: why`,
      ...(doubtful === undefined ? {} : { doubtful }),
    });
  });

  it.each([
    [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'retry', false],
    [
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }),
      'retry',
      false,
    ],
    [
      new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
      'retry',
      true,
    ],
    [new DOMException('timed out', 'TimeoutError'), 'retry', true],
    [new OutboundRefused('h', 'why'), 'refused', undefined],
  ])('no answer: %s', (error, kind, doubtful) => {
    expect(failedCall(error)).toMatchObject({ kind, ...(doubtful === undefined ? {} : { doubtful }) });
  });
});

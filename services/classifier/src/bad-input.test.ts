import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorEvent } from '@faultline/schemas';
import { classifyFile, fingerprintText, redactText } from './files.ts';
import { EXCERPT_BYTES } from './domain/cut-excerpt.ts';
import { cutAroundRegion } from './cut-around-region.ts';
import { ErrorClassifier } from './error-classifier.ts';

const encodedBytesOf = (text: string | undefined): number => Buffer.byteLength(text ?? '');

const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 4000 }),
  fc.string({ unit: 'binary', maxLength: 2000 }).map((text) => Buffer.from(text)),
  fc
    .array(
      fc.constantFrom(
        '\u001b[',
        '\u001b]8;;',
        '31m',
        'error',
        '\r',
        '\n',
        '://a:b@',
        'token=',
        '-----BEGIN PRIVATE KEY-----',
        'at a.b(C.java:1)',
        'Caused by: ',
        '{{',
        '%s',
        '\ud800',
        '(((((',
        '  File "x", line 1, in y\n',
      ),
      { maxLength: 200 },
    )
    .map((parts) => Buffer.from(parts.join(''))),
);

describe('bad input', () => {
  it('never crashes, whatever the bytes', () => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        const { classification } = classifyFile(bytes);
        expect(classification.category).not.toBe('');
        expect(fingerprintText(bytes).fingerprint.id).toMatch(/^[0-9a-f]{32}$/);
        expect(typeof redactText(bytes).text).toBe('string');
      }),
      { numRuns: 300 },
    );
  });

  it('answers on nothing, on a line without end and on binary', () => {
    expect(classifyFile('').classification.strategy).toBe('none');
    expect(classifyFile(`${'a'.repeat(10_000_000)} error`).event.log?.truncated).toBe(true);
    expect(classifyFile(new Uint8Array(100_000)).binary).toBe(true);
    expect(classifyFile(Buffer.from('token=:'.repeat(200_000))).classification.category).toBeDefined();
  });

  it('cuts a log to its excerpt around the cause, and says what it left out', () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, line) => `step ${line} went fine and says so at some length`,
    );
    lines[40] = 'npm error code EINTEGRITY';
    lines.push('##[error]Process completed with exit code 1.');
    const { event, classification } = classifyFile(lines.join('\n'));
    expect(classification.ruleId).toBe('npm-integrity');
    expect(classification.causeLine?.text).toBe('npm error code EINTEGRITY');
    expect(event.log?.text).toContain('npm error code EINTEGRITY');
    expect(event.log?.truncated).toBe(true);
    expect(event.log?.omittedLines).toBeGreaterThan(40_000);
    expect(encodedBytesOf(event.log?.text)).toBeLessThanOrEqual(EXCERPT_BYTES);
    const kept = event.log?.text.split('\n') ?? [];
    expect(kept[classification.causeLine?.line ?? -1]).toBe('npm error code EINTEGRITY');
    const sent = cutAroundRegion(lines.join('\n'), 100_000);
    expect(encodedBytesOf(sent.text)).toBeLessThanOrEqual(100_000);
    expect(sent).toMatchObject({ truncated: true });
    expect(sent.text).toContain('EINTEGRITY');
  });
});

describe('ErrorClassifier', () => {
  const classifier = new ErrorClassifier({ enableMLClassification: true, confidenceThreshold: 0.7 });

  it('takes errors, texts and events', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:8080'), { code: 'ECONNREFUSED' });
    expect(await classifier.classifyError(refused, { operation: 'deploy', userId: 'u1' })).toMatchObject({
      errorType: 'NETWORK_ERROR',
      strategy: 'rule',
    });
    expect(await classifier.classifyError('getaddrinfo EAI_AGAIN api.example.com')).toMatchObject({
      category: 'network.dns',
    });
    expect(
      await classifier.classifyError(
        errorEvent({ id: 'e', time: 0, source: 's', message: 'No space left on device' }),
      ),
    ).toMatchObject({ category: 'disk.full' });
  });

  it('goes to the root of a chain of causes, and copes with nothing', async () => {
    const wrapped = new Error('deploy failed', { cause: new Error('read ECONNRESET') });
    expect(await classifier.classifyError(wrapped)).toMatchObject({ category: 'network.reset' });
    expect(await classifier.classifyError(undefined)).toMatchObject({ strategy: 'none' });
  });

  it('refuses a threshold that is none', () => {
    expect(() => new ErrorClassifier({ confidenceThreshold: 7 })).toThrow(RangeError);
  });
});

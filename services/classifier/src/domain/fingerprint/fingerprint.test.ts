import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorEvent } from '@faultline/schemas';
import { classifyWhole, classifyText } from '../../classify-text.ts';
import { errorEvent } from '@faultline/schemas';
import { maskMessage } from './mask-message.ts';

const idOf = (event: Partial<ErrorEvent>): string =>
  classifyWhole(errorEvent({ id: 'e', time: 0, source: 's', message: '', ...event })).classification
    .fingerprint.id;

const number = fc.integer({ min: 0, max: 99_999 });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const podSuffix = fc.tuple(
  hex(10),
  fc.string({ unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz2456789'), minLength: 5, maxLength: 5 }),
);

const varied = fc.record({
  port: fc.integer({ min: 1024, max: 65_535 }),
  line: fc.integer({ min: 1, max: 9999 }),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
  address: hex(12),
  pod: podSuffix.filter(([first]) => /[0-9]/.test(first)),
  folder: fc.constantFrom('/home/runner/work/app', '/builds/acme/app', '/srv/jenkins/workspace/app-7'),
  milliseconds: number,
  uuid: fc.uuid(),
});

describe('fingerprints', () => {
  it('are the same for messages that differ in what changes from run to run', () => {
    const message = ({
      port,
      line,
      at,
      address,
      pod,
      folder,
      milliseconds,
      uuid,
    }: typeof varied extends fc.Arbitrary<infer T> ? T : never): string =>
      `${at.toISOString()} worker billing-${pod[0]}-${pod[1]} failed after ${milliseconds} ms: cannot reach 10.0.0.7:${port} from ${folder}/src/client.ts:${line} (request ${uuid}, object at 0x${address})`;
    fc.assert(
      fc.property(varied, varied, (a, b) => {
        expect(idOf({ message: message(b) })).toBe(idOf({ message: message(a) }));
      }),
      { numRuns: 1000 },
    );
  });

  const trace = (
    type: string,
    top: string,
    line: number,
    folder: string,
    framework: readonly string[],
    end = '\n',
  ): string =>
    [
      `${type}: cannot settle`,
      `    at ${top} (${folder}/src/settle.js:${line}:7)`,
      ...framework.map((one) => `    at ${one}`),
      `    at main (${folder}/src/index.js:${line + 3}:2)`,
    ].join(end);

  it('are the same under other line numbers, folders, line ends, colours and added framework frames', () => {
    const framework = fc.array(
      fc.constantFrom(
        'Layer.handle (/x/node_modules/express/lib/router/layer.js:95:5)',
        'process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
      ),
      { maxLength: 4 },
    );
    const base = idOf({ stack: trace('TypeError', 'settle', 3, '/app', []) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.constantFrom('/app', '/builds/x', '/home/y/z'),
        framework,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (line, folder, frames, end, coloured) => {
          const text = trace('TypeError', 'settle', line, folder, frames, end);
          expect(
            idOf({ stack: coloured ? text.replace('TypeError', '\u001b[31mTypeError\u001b[0m') : text }),
          ).toBe(base);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('differ for another exception type and for another frame of the project', () => {
    const base = idOf({ stack: trace('TypeError', 'settle', 3, '/app', []) });
    expect(idOf({ stack: trace('RangeError', 'settle', 3, '/app', []) })).not.toBe(base);
    expect(idOf({ stack: trace('TypeError', 'refund', 3, '/app', []) })).not.toBe(base);
  });

  it('keep apart what differs in words', () => {
    expect(idOf({ message: 'Service billing started' })).not.toBe(
      idOf({ message: 'Service billing paused' }),
    );
  });

  it('take explicit parts, and extend ours by them', () => {
    const own = idOf({ message: 'boom happened' });
    const explicit = idOf({ message: 'boom happened', fingerprint: ['billing'] });
    const extended = idOf({ message: 'boom happened', fingerprint: ['{{ default }}', 'billing'] });
    expect(new Set([own, explicit, extended]).size).toBe(3);
    expect(idOf({ message: 'something else', fingerprint: ['billing'] })).toBe(explicit);
    expect(idOf({ message: 'something else', fingerprint: ['{{ default }}', 'billing'] })).not.toBe(extended);
    expect(idOf({ message: 'boom happened', fingerprint: ['{{default}}'] })).toBe(own);
  });

  it('say their version, and do not change behind its back', () => {
    const { fingerprint } = classifyText('npm error code EINTEGRITY').classification;
    expect(fingerprint.version).toBe('v1');
    expect(fingerprint.id).toBe(idOf({ message: 'npm error code EINTEGRITY' }));
    expect(idOf({ message: 'disk quota of 5 GB exceeded' })).toMatchInlineSnapshot(
      `"c7fab1eb09fd39e0546c29164aa4e48f"`,
    );
  });
});

describe('maskMessage', () => {
  it.each([
    ['mail jane.doe@example.com bounced', 'mail <email> bounced'],
    ['GET https://x.example.com/a?b=1 failed', 'GET <url> failed'],
    ['id 123e4567-e89b-12d3-a456-426614174000 gone', 'id <uuid> gone'],
    ['at 10.1.2.3:8080 refused', 'at <ip> refused'],
    ['took 3.5s, 17 times', 'took <duration>, <int> times'],
    ['wrote /tmp/x-81/y.log', 'wrote <temp>'],
    ['commit 0123456789abcdef0123456789abcdef01234567', 'commit <sha>'],
    ['pointer 0xdeadbeef is bad', 'pointer <hex> is bad'],
    ['flag is true', 'flag is <bool>'],
    ['ratio 0.25 too low', 'ratio <float> too low'],
    ['trace 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 lost', 'trace <traceparent> lost'],
  ])('%s', (message, masked) => {
    expect(maskMessage(message)).toBe(masked);
  });
});

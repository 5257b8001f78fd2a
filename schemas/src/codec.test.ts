import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordCodec, avroType, type SchemaLookup } from './codec.ts';
import { errorEvent } from './defaults.ts';
import { registeredSchemas } from './registered.ts';
import { UndecodableError, type WireFault } from './wire.ts';

const ID = 7;
const known: SchemaLookup = async (id) => (id === ID ? registeredSchemas.ErrorEvent : undefined);

async function decode(value: Buffer | null, lookup = known): Promise<unknown> {
  const codec = new RecordCodec('ErrorEvent', lookup);
  await codec.prepare([value]);
  return codec.decode(value);
}

async function faultOf(value: Buffer | null, lookup = known): Promise<WireFault> {
  const error = await decode(value, lookup).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UndecodableError))
    throw new Error(`expected an UndecodableError, got ${String(error)}`);
  return error.fault;
}

const event = errorEvent({ id: 'e1', time: 1_700_000_000_000, source: 'ci', message: 'broke' });
/** Keys of maps; avsc leaves `__proto__` out when it reads, which has a test of its own. */
const contextKey = fc.string().filter((key) => key !== '__proto__');
const encoded = (): Buffer => new RecordCodec('ErrorEvent', known).encode(event, ID);

describe('RecordCodec', () => {
  it('gives back what it was given, whatever its size', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300_000 });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.dictionary(contextKey, fc.oneof(fc.string(), fc.boolean(), fc.double({ noNaN: true }))),
        async (message, context) => {
          const whole = { ...event, message, context };
          const codec = new RecordCodec('ErrorEvent', known);
          const value = codec.encode(whole, ID);
          await codec.prepare([value]);
          // a null prototype and the sign of zero are no part of the contract
          expect(JSON.parse(JSON.stringify(codec.decode(value)))).toEqual(JSON.parse(JSON.stringify(whole)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves a key out that would reach into the prototype, and nothing else', async () => {
    const hostile = JSON.parse('{"__proto__": "polluted", "kept": "yes"}') as Record<string, string>;
    const codec = new RecordCodec('ErrorEvent', known);
    const value = codec.encode({ ...event, labels: hostile }, ID);
    await codec.prepare([value]);
    const { labels } = codec.decode(value);
    expect(Object.keys(labels)).toEqual(['kept']);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('keeps a value that was encoded before when it encodes the next', () => {
    const codec = new RecordCodec('ErrorEvent', known);
    const first = codec.encode(event, ID);
    const copy = Buffer.from(first);
    codec.encode({ ...event, message: 'another, and longer than the first' }, ID);
    expect(first).toEqual(copy);
  });

  it('names what is wrong with bytes that are no record', async () => {
    const whole = encoded();
    expect(await faultOf(null)).toBe('empty');
    expect(await faultOf(Buffer.alloc(0))).toBe('empty');
    expect(await faultOf(Buffer.from('hello world'))).toBe('bad-magic');
    expect(await faultOf(Buffer.from([0, 0, 0]))).toBe('truncated');
    expect(await faultOf(whole.subarray(0, whole.length - 1))).toBe('truncated');
    expect(await faultOf(Buffer.concat([whole, Buffer.from([0])]))).toBe('trailing-bytes');
    expect(await faultOf(whole, async () => undefined)).toBe('unknown-schema');
    expect(await faultOf(whole, async () => ({ type: 'record', name: 'ErrorEvent', fields: [] }))).toBe(
      'schema-mismatch',
    );
  });

  it('never fails in another way, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, ID]), bytes]);
        await decode(frame).catch((error: unknown) => expect(error).toBeInstanceOf(UndecodableError));
      }),
    );
  });

  it('reads a writer of the four required fields alone, with the defaults', async () => {
    const fields = registeredSchemas.ErrorEvent.fields.slice(0, 4);
    const schema = { type: 'record', name: 'ErrorEvent', namespace: 'faultline.v1', fields };
    const body = avroType(schema).toBuffer({ id: 'e1', time: 5, source: 'ci', message: 'broke' });
    const value = Buffer.concat([Buffer.from([0, 0, 0, 0, ID]), body]);
    expect(await decode(value, async () => schema)).toEqual(
      errorEvent({ id: 'e1', time: 5, source: 'ci', message: 'broke' }),
    );
  });

  it('asks for a schema once, and again for an unknown one after a while', async () => {
    let asked = 0;
    let now = 0;
    const answers: unknown[] = [undefined, registeredSchemas.ErrorEvent];
    const lookup: SchemaLookup = async () => answers[asked++];
    const codec = new RecordCodec('ErrorEvent', lookup, { now: () => now, unknownForMs: 1_000 });
    const value = encoded();
    await codec.prepare([value]);
    await codec.prepare([value]);
    expect(asked).toBe(1);
    now = 1_000;
    await codec.prepare([value]);
    await codec.prepare([value]);
    expect(asked).toBe(2);
    expect(codec.decode(value).id).toBe('e1');
  });

  it('passes on that the registry is away, and keeps nothing of it', async () => {
    let away = true;
    const lookup: SchemaLookup = async () => {
      if (away) throw new Error('registry away');
      return registeredSchemas.ErrorEvent;
    };
    const codec = new RecordCodec('ErrorEvent', lookup);
    await expect(codec.prepare([encoded()])).rejects.toThrow('registry away');
    away = false;
    await codec.prepare([encoded()]);
    expect(codec.decode(encoded()).id).toBe('e1');
  });
});

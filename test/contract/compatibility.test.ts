import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { avroType, registeredSchemas, type RecordName } from '@faultline/schemas';

const folder = new URL('../../schemas/released/', import.meta.url).pathname;
const releases = readdirSync(folder).filter((name) => name.endsWith('.json'));

/** FULL: each can read what the other wrote. Throws where one cannot. */
function compatible(a: unknown, b: unknown): void {
  const [one, other] = [avroType(a), avroType(b)];
  one.createResolver(other);
  other.createResolver(one);
}

describe('the schemas of this version', () => {
  it('have released ones to be compared with', () => {
    expect(releases).not.toEqual([]);
  });

  it.each(releases)('can read and be read by those of release %s (FULL_TRANSITIVE)', (release) => {
    const released = JSON.parse(readFileSync(`${folder}${release}`, 'utf8')) as Record<string, unknown>;
    expect(Object.keys(released)).not.toEqual([]);
    for (const [name, schema] of Object.entries(released)) {
      const current = registeredSchemas[name as RecordName];
      expect(current, `${name} was released and is gone`).toBeDefined();
      expect(() => compatible(current, schema), name).not.toThrow();
    }
  });

  const { fields } = registeredSchemas.ErrorEvent;
  it.each([
    ['a field without a default', [...fields, { name: 'added', type: 'string', doc: 'x' }]],
    [
      'a field of another type',
      fields.map((field) => (field.name === 'message' ? { ...field, type: 'int' } : field)),
    ],
    ['a required field taken away', fields.filter(({ name }) => name !== 'message')],
  ])('would be refused with %s', (_what, changed) => {
    expect(() =>
      compatible({ ...registeredSchemas.ErrorEvent, fields: changed }, registeredSchemas.ErrorEvent),
    ).toThrow();
  });

  it('would be taken with an added field that has a default', () => {
    const added = [...fields, { name: 'added', type: ['null', 'string'], default: null, doc: 'x' }];
    expect(() =>
      compatible({ ...registeredSchemas.ErrorEvent, fields: added }, registeredSchemas.ErrorEvent),
    ).not.toThrow();
  });
});

describe('the contract', () => {
  it('requires of an event its id, time, source and message, and nothing else', () => {
    const required = registeredSchemas.ErrorEvent.fields
      .filter((field) => !('default' in field))
      .map(({ name }) => name);
    expect(required).toEqual(['id', 'time', 'source', 'message']);
  });

  it('documents every record and every field', () => {
    const undocumented: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (Array.isArray(node)) node.forEach((item) => walk(item, path));
      if (typeof node !== 'object' || node === null) return;
      const { type, name, fields: inner, doc, items, values } = node as Record<string, unknown>;
      if (type === 'record' && !doc) undocumented.push(path);
      if (Array.isArray(inner)) {
        for (const field of inner as readonly { name: string; doc?: string; type: unknown }[]) {
          if (!field.doc) undocumented.push(`${path}.${field.name}`);
          walk(field.type, `${path}.${field.name}`);
        }
      }
      for (const next of [items, values, type === 'record' ? undefined : type])
        walk(next, `${path}.${String(name ?? '')}`);
    };
    for (const [name, schema] of Object.entries(registeredSchemas)) walk(schema, name);
    expect(undocumented).toEqual([]);
  });
});

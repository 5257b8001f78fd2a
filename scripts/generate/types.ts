import { isNamed, type NamedSchema } from './resolve.ts';

/**
 * TypeScript for every named type: interfaces for records, unions of literals for enums and for strings
 * with a closed list of `values`, which are also written as arrays, so that they can be checked.
 */
export function generateTypes(schemas: readonly NamedSchema[]): string {
  const out = ['// Generated from schemas/avro by scripts/generate.ts. Do not edit.\n'];
  for (const schema of schemas) out.push(schema.type === 'enum' ? enumType(schema) : recordType(schema));
  return out.join('\n');
}

function enumType(schema: NamedSchema): string {
  const symbols = schema.symbols ?? [];
  return `${doc(schema.doc)}export type ${schema.name} = ${symbols.map(quote).join(' | ')};\n`;
}

function recordType(schema: NamedSchema): string {
  const lists: string[] = [];
  const fields = (schema.fields ?? []).map((field) => {
    const closed = closedValues(field.type);
    let type = typeOf(field.type);
    if (closed !== undefined) {
      const name = schema.name + field.name.charAt(0).toUpperCase() + field.name.slice(1);
      const list = `${name.charAt(0).toLowerCase()}${name.slice(1)}Values`;
      lists.push(
        `/** What ${schema.name}.${field.name} may be. */\nexport const ${list} = [${closed.values.map(quote).join(', ')}] as const;\n` +
          `/** What ${schema.name}.${field.name} may be. */\nexport type ${name} = (typeof ${list})[number];\n`,
      );
      type = closed.nullable ? `${name} | null` : name;
    }
    return `${doc(field.doc)}readonly ${field.name}: ${type};`;
  });
  return `${lists.join('\n')}\n${doc(schema.doc)}export interface ${schema.name} {\n${fields.join('\n')}\n}\n`;
}

function closedValues(type: unknown): { values: readonly string[]; nullable: boolean } | undefined {
  if (Array.isArray(type)) {
    const other = type.filter((branch) => branch !== 'null');
    const inner = other.length === 1 ? closedValues(other[0]) : undefined;
    return inner === undefined ? undefined : { values: inner.values, nullable: true };
  }
  if (typeof type !== 'object' || type === null || !('values' in type)) return undefined;
  const { values } = type;
  if (!Array.isArray(values) || (type as { type?: unknown }).type !== 'string') return undefined;
  return { values: values as string[], nullable: false };
}

function typeOf(type: unknown): string {
  if (Array.isArray(type)) return type.map(typeOf).join(' | ');
  if (typeof type === 'string') return primitive(type);
  if (isNamed(type)) return type.name;
  const node = type as { type: unknown; items?: unknown; values?: unknown };
  if (node.type === 'array') return `readonly (${typeOf(node.items)})[]`;
  if (node.type === 'map') return `Readonly<Record<string, ${typeOf(node.values)}>>`;
  return typeOf(node.type);
}

function primitive(type: string): string {
  switch (type) {
    case 'string':
      return 'string';
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    default:
      if (!type.includes('.')) throw new Error(`no TypeScript for the Avro type ${type}`);
      return type.slice(type.lastIndexOf('.') + 1);
  }
}

const quote = (text: string): string => `'${text}'`;
const doc = (text: string | undefined): string => (text === undefined ? '' : `/** ${text} */\n`);

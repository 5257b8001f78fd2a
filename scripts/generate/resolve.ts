/** One parsed .avsc file. */
export interface SchemaSource {
  readonly file: string;
  readonly schema: unknown;
}

/** A named type of Avro as JSON. */
export interface NamedSchema {
  readonly type: 'record' | 'enum';
  readonly name: string;
  readonly namespace: string;
  readonly doc?: string;
  readonly fields?: readonly FieldSchema[];
  readonly symbols?: readonly string[];
}

/** A field of a record. */
export interface FieldSchema {
  readonly name: string;
  readonly type: unknown;
  readonly doc?: string;
  readonly default?: unknown;
}

/** Full name of a named type. */
export const fullName = (schema: NamedSchema): string => `${schema.namespace}.${schema.name}`;

/** Whether a schema is a record or an enum. */
export function isNamed(value: unknown): value is NamedSchema {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return value.type === 'record' || value.type === 'enum';
}

/**
 * Collects every named type of all files, and writes each file's record with the types of other files
 * put in at their first use, as a registry needs it. Throws where a reference leads nowhere.
 */
export function resolveSchemas(sources: readonly SchemaSource[]): {
  readonly ordered: readonly NamedSchema[];
  readonly inlined: ReadonlyMap<string, unknown>;
} {
  const named = new Map<string, NamedSchema>();
  for (const { schema } of sources) collect(schema, named);
  const inlined = new Map<string, unknown>();
  for (const { file, schema } of sources) {
    if (!isNamed(schema) || schema.type !== 'record') throw new Error(`${file}: the top must be a record`);
    inlined.set(schema.name, inline(schema, named, new Set(), file));
  }
  return { ordered: [...named.values()], inlined };
}

function collect(node: unknown, into: Map<string, NamedSchema>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, into);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (isNamed(node)) {
    const name = fullName(node);
    if (into.has(name)) throw new Error(`${name} is defined twice`);
    into.set(name, node);
  }
  for (const key of ['type', 'items', 'fields'] as const) {
    if (key in node) collect((node as Record<string, unknown>)[key], into);
  }
  const { values } = node as { values?: unknown };
  if (!isClosedString(node)) collect(values, into);
}

const isClosedString = (node: object): boolean =>
  (node as { type?: unknown }).type === 'string' && 'values' in node;

function inline(
  node: unknown,
  named: ReadonlyMap<string, NamedSchema>,
  seen: Set<string>,
  file: string,
): unknown {
  if (typeof node === 'string') {
    if (!node.includes('.')) return node;
    const target = named.get(node);
    if (target === undefined) throw new Error(`${file}: no schema defines ${node}`);
    return seen.has(node) ? node : inline(target, named, seen, file);
  }
  if (Array.isArray(node)) return node.map((item) => inline(item, named, seen, file));
  if (typeof node !== 'object' || node === null) return node;
  if (isNamed(node)) {
    if (seen.has(fullName(node))) return fullName(node);
    seen.add(fullName(node));
  }
  const closed = isClosedString(node);
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const nested = key === 'type' || key === 'items' || key === 'fields' || (key === 'values' && !closed);
      return [key, nested ? inline(value, named, seen, file) : value];
    }),
  );
}

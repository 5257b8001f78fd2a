import type { TopicRecordName, TopicRecords } from './codec.ts';
import { registeredSchemas } from './registered.ts';

/** What is wrong with one field of an input, and what to do about it. */
export interface InputProblem {
  /** Path of the field, such as `rerun.timeoutMs`; empty for the whole. */
  readonly field: string;
  readonly problem: string;
  readonly remedy: string;
}

/** A value of the contract, or everything that is wrong with the input. */
export type ContractInput<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly doc?: string;
  readonly default?: unknown;
}

/** Problems that are told at most: a broken batch should not answer with a broken batch. */
const MAX_PROBLEMS = 20;

/**
 * Reads JSON as a record of the contract: absent fields stand at `fill`, else at the defaults of the schema; a
 * time may be ISO 8601; a field that the schema does not know is a problem, since it would be lost in silence.
 */
export function readContractInput<N extends TopicRecordName>(
  name: N,
  input: unknown,
  fill: Partial<TopicRecords[N]> = {},
): ContractInput<TopicRecords[N]> {
  const reader = new Reader();
  const value = reader.record(registeredSchemas[name], input, '', fill);
  return reader.problems.length === 0
    ? { ok: true, value: value as TopicRecords[N] }
    : { ok: false, problems: reader.problems.slice(0, MAX_PROBLEMS) };
}

/** Problems as one text, a line each. */
export const problemsText = (problems: readonly InputProblem[]): string =>
  problems
    .map(({ field, problem, remedy }) => `${field === '' ? 'the input' : field} ${problem}; ${remedy}`)
    .join('\n');

class Reader {
  readonly problems: InputProblem[] = [];
  readonly #named = new Map<string, unknown>();

  record(schema: unknown, input: unknown, path: string, fill: object = {}): unknown {
    const { fields } = schema as { readonly fields: readonly Field[] };
    if (!isPlainObject(input)) return this.#wrong(path, input, 'an object');
    const known = new Map(fields.map((field) => [field.name, field]));
    for (const key of Object.keys(input)) {
      if (known.has(key)) continue;
      const home = known.has('context')
        ? 'put it into "context"'
        : known.has('labels')
          ? 'put it into "labels"'
          : 'leave it out';
      this.#add(at(path, key), 'is not a field of the contract', `${nearest(key, [...known.keys()])}${home}`);
    }
    return Object.fromEntries(
      fields.map((field) => [field.name, this.#field(field, input, at(path, field.name), fill)]),
    );
  }

  #field(field: Field, input: Readonly<Record<string, unknown>>, path: string, fill: object): unknown {
    const given = input[field.name];
    if (given !== undefined) {
      const value = this.#value(field.type, given, path, field.doc);
      if (field.type === 'string' && !('default' in field) && value === '') {
        this.#add(path, 'is empty', `give a text: ${field.doc ?? ''}`);
      }
      return value;
    }
    const filled = (fill as Readonly<Record<string, unknown>>)[field.name];
    if (filled !== undefined) return filled;
    if ('default' in field) return field.default;
    this.#add(path, 'is missing', `give it: ${field.doc ?? ''}`);
    return undefined;
  }

  #value(type: unknown, input: unknown, path: string, doc?: string): unknown {
    if (Array.isArray(type)) return this.#union(type, input, path, doc);
    if (typeof type === 'string') {
      const named = this.#named.get(type);
      return named === undefined
        ? this.#primitive(type, {}, input, path, doc)
        : this.#value(named, input, path, doc);
    }
    const complex = type as { readonly type: string; readonly name?: string; readonly namespace?: string };
    if (complex.name !== undefined) {
      this.#named.set(complex.name, type);
      this.#named.set(`${complex.namespace ?? ''}.${complex.name}`, type);
    }
    switch (complex.type) {
      case 'record':
        return this.record(type, input, path);
      case 'map':
        return this.#map((type as { readonly values: unknown }).values, input, path, doc);
      case 'array':
        return this.#array((type as { readonly items: unknown }).items, input, path, doc);
      default:
        return this.#primitive(complex.type, type as Closed, input, path, doc);
    }
  }

  #union(branches: readonly unknown[], input: unknown, path: string, doc?: string): unknown {
    if (input === null && branches.includes('null')) return null;
    const others = branches.filter((branch) => branch !== 'null');
    const [only] = others;
    if (others.length === 1) return this.#value(only, input, path, doc);
    const fits = others.find((branch) => typeof branch === 'string' && fitsPrimitive(branch, input));
    if (fits === undefined) {
      return this.#wrong(path, input, `a ${others.map(words).join(', a ')}`, doc);
    }
    return input;
  }

  #map(values: unknown, input: unknown, path: string, doc?: string): unknown {
    if (!isPlainObject(input)) return this.#wrong(path, input, 'an object of names and values', doc);
    return Object.fromEntries(
      Object.entries(input).map(([key, value]) => [key, this.#value(values, value, at(path, key), doc)]),
    );
  }

  #array(items: unknown, input: unknown, path: string, doc?: string): unknown {
    if (!Array.isArray(input)) return this.#wrong(path, input, 'a list', doc);
    return input.map((item: unknown, index) => this.#value(items, item, `${path}[${index}]`, doc));
  }

  #primitive(type: string, closed: Closed, input: unknown, path: string, doc?: string): unknown {
    const allowed = closed.values ?? closed.symbols;
    if (allowed !== undefined) {
      return allowed.includes(String(input))
        ? input
        : this.#wrong(path, input, `one of ${allowed.join(', ')}`, doc);
    }
    if (closed.logicalType === 'timestamp-millis' && typeof input === 'string') {
      const time = Date.parse(input);
      return Number.isNaN(time)
        ? this.#wrong(path, input, 'milliseconds since the epoch, or a time as in ISO 8601', doc)
        : time;
    }
    return fitsPrimitive(type, input) ? input : this.#wrong(path, input, `a ${words(type)}`, doc);
  }

  #wrong(path: string, input: unknown, expected: string, doc?: string): undefined {
    this.#add(path, `is ${shown(input)}`, `give ${expected}${doc === undefined ? '' : `: ${doc}`}`);
    return undefined;
  }

  #add(field: string, problem: string, remedy: string): void {
    this.problems.push({ field, problem, remedy: remedy.replace(/[:. ]+$/, '') });
  }
}

interface Closed {
  readonly values?: readonly string[];
  readonly symbols?: readonly string[];
  readonly logicalType?: string;
}

const wordsOf: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'whole number of at most 32 bits',
  long: 'whole number',
  double: 'number',
  boolean: 'true or false',
};
const words = (type: unknown): string => wordsOf[String(type)] ?? String(type);

function fitsPrimitive(type: string, input: unknown): boolean {
  switch (type) {
    case 'string':
      return typeof input === 'string';
    case 'boolean':
      return typeof input === 'boolean';
    case 'int':
      return Number.isInteger(input) && Math.abs(input as number) < 2 ** 31;
    case 'long':
      return Number.isSafeInteger(input);
    case 'double':
      return typeof input === 'number' && Number.isFinite(input);
    default:
      return false;
  }
}

const at = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** An object of its own, whatever its prototype claims: `__proto__` in JSON is a field like any other. */
const isPlainObject = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

function shown(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object') return 'an object';
  if (typeof input === 'string') return `the text "${input.length > 40 ? `${input.slice(0, 40)}…` : input}"`;
  return typeof input === 'number' || typeof input === 'boolean' ? `${typeof input} ${input}` : typeof input;
}

/** A hint where the unknown name differs from a known one in case and separators alone. */
function nearest(key: string, known: readonly string[]): string {
  const fold = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const meant = known.find((name) => fold(name) === fold(key));
  return meant === undefined ? '' : `write "${meant}", or `;
}

/** Reads a value that came from outside. Throws an error that names where it stood. */
export type Reader<T> = (value: unknown, at: string) => T;

/** Text that is not empty. */
export const text: Reader<string> = (value, at) => {
  if (typeof value !== 'string' || value === '') throw new Error(`${at}: text that is not empty`);
  return value;
};

/** Text, the empty one too. */
export const anyText: Reader<string> = (value, at) => {
  if (typeof value !== 'string') throw new Error(`${at}: text`);
  return value;
};

/** true or false. */
export const boolean: Reader<boolean> = (value, at) => {
  if (typeof value !== 'boolean') throw new Error(`${at}: true or false`);
  return value;
};

/** A whole number from 0. */
export const naturalNumber: Reader<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new Error(`${at}: a whole number from 0`);
  }
  return value;
};

/** A number from 0 to 1. */
export const share: Reader<number> = (value, at) => {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    throw new Error(`${at}: a number from 0 to 1`);
  return value;
};

/** One of a closed list. */
export const oneOf =
  <Value extends string>(values: readonly Value[]): Reader<Value> =>
  (value, at) => {
    const found = values.find((known) => known === value);
    if (found === undefined) throw new Error(`${at}: one of ${values.join(', ')}`);
    return found;
  };

/** An array, each element read. */
export const arrayOf =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) throw new Error(`${at}: a list`);
    return value.map((element, index) => read(element, `${at}[${index}]`));
  };

/** An array that is not empty and holds nothing twice. */
export const list =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (value, at) => {
    const elements = arrayOf(read)(value, at);
    if (elements.length === 0) throw new Error(`${at}: at least one`);
    if (new Set(elements).size !== elements.length) throw new Error(`${at}: each one once`);
    return elements;
  };

/** What stands in for a value that is absent. */
export const optional =
  <T>(read: Reader<T>, absent: T): Reader<T> =>
  (value, at) =>
    value === undefined ? absent : read(value, at);

/** An object that has no other keys than these. */
export function object(
  value: unknown,
  at: string,
  keys: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${at}: an object`);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key)) throw new Error(`${at}.${key}: no such key`);
  }
  return value as Readonly<Record<string, unknown>>;
}

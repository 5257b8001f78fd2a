/** What stands between the parts of a key: no label holds it. */
const BETWEEN = '\u0000';

/** A key of sums, of its parts. */
export const sumKey = (...parts: readonly (string | number)[]): string => parts.join(BETWEEN);

/** Sums by key, in the order in which keys were first met. */
export class Sums {
  readonly #cells = new Map<string, number[]>();
  readonly #width: number;

  /** Sums of `width` columns. */
  constructor(width: number) {
    this.#width = width;
  }

  /** Adds the first columns of `values` to the sums under a key that {@link sumKey} made, or like it. */
  add(key: string, values: readonly number[]): void {
    const sums = this.#cells.get(key);
    if (sums === undefined) {
      this.#cells.set(key, values.slice(0, this.#width));
      return;
    }
    for (let index = 0; index < this.#width; index += 1)
      sums[index] = (sums[index] ?? 0) + (values[index] ?? 0);
  }

  /** Rows with any sum but zero: the parts of the key as text, then the sums. */
  rows(): (string | number)[][] {
    const rows: (string | number)[][] = [];
    for (const [key, sums] of this.#cells) {
      if (sums.some((sum) => sum !== 0)) rows.push(key === '' ? sums : [...key.split(BETWEEN), ...sums]);
    }
    return rows;
  }
}

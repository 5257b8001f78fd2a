/** Sums by key, in the order in which keys were first met. */
export class Sums {
  readonly #cells = new Map<
    string,
    { readonly key: readonly (string | number)[]; readonly values: number[] }
  >();

  /** Adds `values` to the sums under `key`. */
  add(key: readonly (string | number)[], values: readonly number[]): void {
    const name = key.join('\u0000'); // no label holds NUL
    const cell = this.#cells.get(name);
    if (cell === undefined) {
      this.#cells.set(name, { key, values: [...values] });
      return;
    }
    const sums = cell.values;
    for (let index = 0; index < values.length; index += 1)
      sums[index] = (sums[index] ?? 0) + (values[index] ?? 0);
  }

  /** Keys with any sum but zero, with their sums, each row key first. */
  rows(): (string | number)[][] {
    const rows: (string | number)[][] = [];
    for (const { key, values } of this.#cells.values()) {
      if (values.some((value) => value !== 0)) rows.push([...key, ...values]);
    }
    return rows;
  }
}

/** Sums by key, in the order in which keys were first met. */
export class Sums {
  readonly #cells = new Map<
    string,
    { readonly key: readonly (string | number)[]; readonly values: number[] }
  >();

  /** Adds `values`, times `sign`, to the sums under `key`. */
  add(key: readonly (string | number)[], values: readonly number[], sign = 1): void {
    const name = JSON.stringify(key);
    const cell = this.#cells.get(name);
    if (cell === undefined) {
      this.#cells.set(name, { key, values: values.map((value) => value * sign) });
      return;
    }
    for (let index = 0; index < values.length; index += 1) {
      cell.values[index] = (cell.values[index] ?? 0) + (values[index] ?? 0) * sign;
    }
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

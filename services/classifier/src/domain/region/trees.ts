/** Trees as flat arrays, one after another; a negative feature marks a leaf, whose value stands in `at`. */
export interface TreeModel {
  readonly base: number;
  readonly roots: readonly number[];
  readonly feature: readonly number[];
  readonly at: readonly number[];
  /** Node for values at or below `at`; the other one stands behind it. */
  readonly child: readonly number[];
}

/** Trees ready to use. */
export class TreeScorer {
  readonly #base: number;
  readonly #roots: Int32Array;
  readonly #feature: Int16Array;
  readonly #at: Float32Array;
  readonly #child: Int32Array;

  constructor(model: TreeModel) {
    this.#base = model.base;
    this.#roots = Int32Array.from(model.roots);
    this.#feature = Int16Array.from(model.feature);
    this.#at = Float32Array.from(model.at);
    this.#child = Int32Array.from(model.child);
  }

  /** Probability for the row that begins at `offset`. */
  score(rows: Float32Array, offset: number): number {
    let sum = this.#base;
    for (let tree = 0; tree < this.#roots.length; tree += 1) {
      let node = this.#roots[tree] as number;
      let feature = this.#feature[node] as number;
      while (feature >= 0) {
        node =
          (this.#child[node] as number) +
          ((rows[offset + feature] as number) <= (this.#at[node] as number) ? 0 : 1);
        feature = this.#feature[node] as number;
      }
      sum += this.#at[node] as number;
    }
    return 1 / (1 + Math.exp(-sum));
  }
}

/** One item of a pack: a line of JSON. */
export type Item = Readonly<Record<string, unknown>>;

/** Turns the items of a pack into predictions, in their order or in any other. */
export type Predict = (items: readonly Item[]) => readonly Item[] | Promise<readonly Item[]>;

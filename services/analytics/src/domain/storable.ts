const halfPair = /\p{Surrogate}/gu;

/** A text as Postgres can keep it: NUL and halves of surrogate pairs become U+FFFD. */
export const storable = (text: string): string =>
  text.replaceAll('\u0000', '\ufffd').replaceAll(halfPair, '\ufffd');

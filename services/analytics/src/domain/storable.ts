const suspect = /[\0\ud800-\udfff]/;
const halfPair = /\p{Surrogate}/gu;

/** A text as Postgres can keep it: NUL and halves of surrogate pairs become U+FFFD. */
export const storable = (text: string): string =>
  suspect.test(text) ? text.replaceAll('\u0000', '\ufffd').replaceAll(halfPair, '\ufffd') : text;

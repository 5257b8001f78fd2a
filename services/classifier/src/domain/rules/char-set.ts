/** A set of characters: one bit for each ASCII code, bit 128 for everything else. */
export type CharSet = bigint;

const OTHER = 1n << 128n;

/** Every character but line ends. */
export const anyButLineEnd: CharSet = ((1n << 129n) - 1n) & ~((1n << 10n) | (1n << 13n));

/** The set of one character. */
export const charSet = (code: number): CharSet => (code < 128 ? 1n << BigInt(code) : OTHER);

/** The set of a range, both ends included. */
export function rangeSet(first: number, last: number): CharSet {
  let set = last >= 128 ? OTHER : 0n;
  for (let code = first; code <= Math.min(last, 127); code += 1) set |= 1n << BigInt(code);
  return set;
}

/** Everything that is not in the set; what is not ASCII stands on both sides. */
export const complementSet = (set: CharSet): CharSet => (((1n << 128n) - 1n) & ~set) | OTHER;

/** Whether two sets share a character. */
export const setsOverlap = (a: CharSet, b: CharSet): boolean => (a & b) !== 0n;

const digits = rangeSet(0x30, 0x39);
const words = digits | rangeSet(0x41, 0x5a) | rangeSet(0x61, 0x7a) | charSet(0x5f);
const spaces = rangeSet(0x09, 0x0d) | charSet(0x20) | OTHER;

/** The sets that a backslash names. */
export const namedSets: Readonly<Record<string, CharSet>> = {
  d: digits,
  D: complementSet(digits),
  w: words,
  W: complementSet(words),
  s: spaces,
  S: complementSet(spaces & ~OTHER),
};

/** The set with the other case of each letter. */
export function withBothCases(set: CharSet): CharSet {
  const upper = (set >> 0x41n) & ((1n << 26n) - 1n);
  const lower = (set >> 0x61n) & ((1n << 26n) - 1n);
  return set | (upper << 0x61n) | (lower << 0x41n);
}

/** The only character of a set, letters in lower case; undefined where the set holds more than one. */
export function onlyCharacter(set: CharSet): string | undefined {
  if (set === 0n || (set & OTHER) !== 0n) return undefined;
  const code = set.toString(2).length - 1;
  const rest = set & ~(1n << BigInt(code));
  const isLetter = code >= 0x61 && code <= 0x7a;
  if (rest !== 0n && !(isLetter && rest === 1n << BigInt(code - 32))) return undefined;
  return String.fromCharCode(code).toLowerCase();
}

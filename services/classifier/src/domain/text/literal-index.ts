/** Called for each occurrence: which literal, and the position behind its last character. */
export type LiteralHit = (literal: number, end: number) => void;

const SYMBOLS = 128; // ASCII; anything else leads back to the root

const foldOf = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 32 : code);

/**
 * Aho-Corasick automaton (Aho and Corasick, 1975) over ASCII literals, without regard to case: finds every
 * occurrence of every literal in one pass, in time linear in the text plus the hits.
 */
export class LiteralIndex {
  readonly #next: Int32Array;
  readonly #hits: readonly (readonly number[] | undefined)[];

  /** Literals that are empty or not ASCII are refused. */
  constructor(literals: readonly string[]) {
    const rows: Int32Array[] = [new Int32Array(SYMBOLS).fill(-1)];
    const hits: (number[] | undefined)[] = [undefined];
    literals.forEach((literal, index) => {
      if (!/^[\x20-\x7e]+$/.test(literal))
        throw new RangeError(`literal is empty or not printable ASCII: ${literal}`);
      let state = 0;
      for (let at = 0; at < literal.length; at += 1) {
        const symbol = foldOf(literal.charCodeAt(at));
        const row = rows[state] as Int32Array;
        let child = row[symbol] as number;
        if (child < 0) {
          child = rows.length;
          row[symbol] = child;
          rows.push(new Int32Array(SYMBOLS).fill(-1));
          hits.push(undefined);
        }
        state = child;
      }
      (hits[state] ??= []).push(index);
    });
    this.#next = completed(rows, hits);
    this.#hits = hits;
  }

  /** Reports the occurrences in text[from, to), in the order of their ends. */
  scan(text: string, onHit: LiteralHit, from = 0, to = text.length): void {
    const next = this.#next;
    let state = 0;
    for (let at = from; at < to; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= SYMBOLS) {
        state = 0;
        continue;
      }
      state = next[state + code] as number;
      // Rows with hits are marked by their lowest bit: rows are 128 apart, so that it is free.
      if ((state & 1) === 1) {
        state -= 1;
        for (const literal of this.#hits[state >> 7] as readonly number[]) onHit(literal, at + 1);
      }
    }
  }

  /** Whether any literal occurs. */
  occursIn(text: string): boolean {
    const next = this.#next;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      state = code < SYMBOLS ? (next[state + code] as number) : 0;
      if ((state & 1) === 1) return true;
    }
    return false;
  }
}

/** Breadth-first completion: each row gets the transitions of its longest proper suffix, and that one's hits. */
function completed(rows: readonly Int32Array[], hits: (number[] | undefined)[]): Int32Array {
  const fail = new Int32Array(rows.length);
  const queue: number[] = [];
  const root = rows[0] as Int32Array;
  for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
    const child = root[symbol] as number;
    if (child < 0) root[symbol] = 0;
    else queue.push(child);
  }
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] as number;
    const row = rows[state] as Int32Array;
    const back = fail[state] as number;
    const backRow = rows[back] as Int32Array;
    const inherited = hits[back];
    if (inherited !== undefined) hits[state] = [...(hits[state] ?? []), ...inherited];
    for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
      const child = row[symbol] as number;
      if (child < 0) {
        row[symbol] = backRow[symbol] as number;
      } else {
        fail[child] = backRow[symbol] as number;
        queue.push(child);
      }
    }
  }
  const next = new Int32Array(rows.length * SYMBOLS);
  rows.forEach((row, state) => {
    for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
      const target = row[symbol] as number;
      const upper = symbol >= 0x41 && symbol <= 0x5a ? (row[symbol + 32] as number) : target;
      next[state * SYMBOLS + symbol] = upper * SYMBOLS + (hits[upper] === undefined ? 0 : 1);
    }
  });
  return next;
}

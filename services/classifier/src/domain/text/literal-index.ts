/** Called for each occurrence: which literal, and the position behind its last character. */
export type LiteralHit = (literal: number, end: number) => void;

const ASCII = 128; // anything beyond leads back to the root

const foldOf = (code: number): number => (code >= 0x41 && code <= 0x5a ? code + 32 : code);

/**
 * Aho-Corasick automaton (Aho and Corasick, 1975) over ASCII literals, without regard to case: finds every
 * occurrence of every literal in one pass, in time linear in the text plus the hits. Characters that no literal
 * holds share one column, so that the table stays small enough for the caches of a processor.
 */
export class LiteralIndex {
  /** Column of each ASCII code; column 0 leads to the root. */
  readonly #column: Uint8Array;
  readonly #columns: number;
  /** Next state times two, plus one where literals end there. */
  readonly #next: Int32Array;
  readonly #hits: readonly (readonly number[] | undefined)[];

  /** Literals that are empty or not ASCII are refused. */
  constructor(literals: readonly string[]) {
    const column = new Uint8Array(ASCII);
    let columns = 1;
    for (const literal of literals) {
      if (!/^[\x20-\x7e]+$/.test(literal))
        throw new RangeError(`literal is empty or not printable ASCII: ${literal}`);
      for (let at = 0; at < literal.length; at += 1) {
        const code = foldOf(literal.charCodeAt(at));
        if (column[code] === 0) {
          column[code] = columns;
          if (code >= 0x61 && code <= 0x7a) column[code - 32] = columns;
          columns += 1;
        }
      }
    }
    const rows: Int32Array[] = [new Int32Array(columns).fill(-1)];
    const hits: (number[] | undefined)[] = [undefined];
    literals.forEach((literal, index) => {
      let state = 0;
      for (let at = 0; at < literal.length; at += 1) {
        const symbol = column[literal.charCodeAt(at)] as number;
        const row = rows[state] as Int32Array;
        let child = row[symbol] as number;
        if (child < 0) {
          child = rows.length;
          row[symbol] = child;
          rows.push(new Int32Array(columns).fill(-1));
          hits.push(undefined);
        }
        state = child;
      }
      (hits[state] ??= []).push(index);
    });
    this.#column = column;
    this.#columns = columns;
    this.#next = completed(rows, hits, columns);
    this.#hits = hits;
  }

  /** Reports the occurrences in a text, in the order of their ends. */
  scan(text: string, onHit: LiteralHit): void {
    const next = this.#next;
    const column = this.#column;
    const columns = this.#columns;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code >= ASCII) {
        state = 0;
        continue;
      }
      const target = next[state * columns + (column[code] as number)] as number;
      state = target >> 1;
      if ((target & 1) === 0) continue;
      const found = this.#hits[state] as readonly number[];
      for (let index = 0; index < found.length; index += 1) onHit(found[index] as number, at + 1);
    }
  }

  /** Whether any literal occurs. */
  occursIn(text: string): boolean {
    const next = this.#next;
    let state = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const target =
        code < ASCII ? (next[state * this.#columns + (this.#column[code] as number)] as number) : 0;
      if ((target & 1) === 1) return true;
      state = target >> 1;
    }
    return false;
  }
}

/** Breadth-first completion: each row gets the transitions of its longest proper suffix, and that one's hits. */
function completed(rows: readonly Int32Array[], hits: (number[] | undefined)[], columns: number): Int32Array {
  const fail = new Int32Array(rows.length);
  const queue: number[] = [];
  const root = rows[0] as Int32Array;
  for (let symbol = 0; symbol < columns; symbol += 1) {
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
    for (let symbol = 0; symbol < columns; symbol += 1) {
      const child = row[symbol] as number;
      if (child < 0) {
        row[symbol] = backRow[symbol] as number;
      } else {
        fail[child] = backRow[symbol] as number;
        queue.push(child);
      }
    }
  }
  const next = new Int32Array(rows.length * columns);
  rows.forEach((row, state) => {
    for (let symbol = 0; symbol < columns; symbol += 1) {
      const target = row[symbol] as number;
      next[state * columns + symbol] = target * 2 + (hits[target] === undefined ? 0 : 1);
    }
  });
  return next;
}

/** Numbers from a seed: the same seed gives the same load and the same faults. */
export class SeededRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) | 0;
  }

  /** A number in [0, 1) (Mulberry32, T. Ettinger, public domain). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** One of some. Throws where there are none. */
  pick<T>(some: readonly T[]): T {
    const picked = some[Math.floor(this.next() * some.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** One of some, each as often as its weight says. */
  weighted<T>(some: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * some.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of some) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(some)[1];
  }

  /** The same things in another order. */
  shuffled<T>(some: readonly T[]): readonly T[] {
    return some
      .map((value) => [this.next(), value] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, value]) => value);
  }

  /** Random numbers that do not depend on how many were taken from this one. */
  fork(): SeededRandom {
    return new SeededRandom(this.whole(1, 0x7fffffff));
  }
}

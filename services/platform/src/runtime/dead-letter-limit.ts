import { Fault } from '@faultline/stream';

/** When dead letters mean that the line is broken rather than the records. */
export interface DeadLetterLimits {
  /** Dead letters one after the other. */
  readonly run: number;
  /** Share of dead letters among the last `window` records. */
  readonly ratio: number;
  readonly window: number;
}

/** Defaults: 1,000 in a row, or half of the last 2,000. */
export const defaultDeadLetterLimits: DeadLetterLimits = { run: 1_000, ratio: 0.5, window: 2_000 };

/**
 * Counts dead letters of one partition. A bad deploy stops the line by it instead of emptying a topic into
 * errors.dead-letter.
 */
export class DeadLetterLimit {
  readonly #limits: DeadLetterLimits;
  /** The last records, 1 where a dead letter, as a ring. */
  readonly #ring: Uint8Array;
  #counted = 0;
  #inWindow = 0;
  #run = 0;

  constructor(limits: DeadLetterLimits = defaultDeadLetterLimits) {
    this.#limits = limits;
    this.#ring = new Uint8Array(limits.window);
  }

  /** Counts one record. Throws a {@link Fault} where the limit is passed. */
  count(dead: boolean): void {
    this.#run = dead ? this.#run + 1 : 0;
    const slot = this.#counted % this.#limits.window;
    this.#inWindow += (dead ? 1 : 0) - (this.#ring[slot] ?? 0);
    this.#ring[slot] = dead ? 1 : 0;
    this.#counted += 1;
    const full = this.#counted >= this.#limits.window;
    if (
      this.#run >= this.#limits.run ||
      (full && this.#inWindow > this.#limits.ratio * this.#limits.window)
    ) {
      throw new Fault(
        'DEAD_LETTER_LIMIT',
        `${this.#run} dead letters in a row, ${this.#inWindow} of the last ${Math.min(this.#counted, this.#limits.window)} records: the partition stops`,
        {
          remedy:
            'look at the reasons (faultline redrive --dry-run); mend the producer or the deploy, then restart the service',
        },
      );
    }
  }
}

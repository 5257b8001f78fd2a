import {
  breakerDefaults,
  breakerPermit,
  breakerResult,
  breakerStart,
  budgetDefaults,
  budgetEarn,
  budgetSpend,
  budgetStart,
  type BreakerOptions,
  type BreakerState,
  type BudgetOptions,
  type BudgetState,
} from '@faultline/stream';

/** Operations whose breakers are kept, the one least recently used forgotten first. */
const MAX_OPERATIONS = 10_000;

function optionsOf<Options>(
  given: boolean | Partial<Options> | undefined,
  otherwise: boolean,
  defaults: Options,
): Options | undefined {
  const wanted = given ?? otherwise;
  if (wanted === false) return undefined;
  return wanted === true ? defaults : { ...defaults, ...wanted };
}

/** What calls of one manager share: a breaker for each operation and one retry budget. */
export class RetryGuards {
  readonly #breakerOptions: BreakerOptions | undefined;
  readonly #budgetOptions: BudgetOptions | undefined;
  readonly #breakers = new Map<string, BreakerState>();
  #budget: BudgetState;

  constructor(
    breaker: boolean | Partial<BreakerOptions> | undefined,
    budget: boolean | Partial<BudgetOptions> | undefined,
  ) {
    this.#breakerOptions = optionsOf(breaker, true, breakerDefaults);
    this.#budgetOptions = optionsOf(budget, false, budgetDefaults);
    this.#budget = budgetStart(this.#budgetOptions ?? budgetDefaults);
  }

  /** 0 where a call may be made, else after how many milliseconds to ask again. */
  blockedForMs(operation: string | undefined, now: number): number {
    const options = this.#breakerOptions;
    if (operation === undefined || options === undefined) return 0;
    const [permitted, state] = breakerPermit(this.#breakers.get(operation) ?? breakerStart, options, now);
    this.#put(operation, state);
    if (permitted) return 0;
    return state.kind === 'open' ? state.until - now : options.openMs;
  }

  /** A call that was let through has ended. */
  ended(operation: string | undefined, succeeded: boolean, now: number): void {
    const options = this.#breakerOptions;
    if (operation === undefined || options === undefined) return;
    const state = this.#breakers.get(operation) ?? breakerStart;
    this.#put(operation, breakerResult(state, options, succeeded, now));
  }

  /** A first call is made. */
  earn(): void {
    if (this.#budgetOptions !== undefined) this.#budget = budgetEarn(this.#budget, this.#budgetOptions);
  }

  /** Whether one more retry may be made; counts it. */
  spend(): boolean {
    if (this.#budgetOptions === undefined) return true;
    const [allowed, state] = budgetSpend(this.#budget);
    this.#budget = state;
    return allowed;
  }

  /** State of each breaker by its operation. */
  circuits(): Readonly<Record<string, BreakerState['kind']>> {
    return Object.fromEntries([...this.#breakers].map(([operation, { kind }]) => [operation, kind]));
  }

  #put(operation: string, state: BreakerState): void {
    this.#breakers.delete(operation);
    this.#breakers.set(operation, state);
    if (this.#breakers.size <= MAX_OPERATIONS) return;
    for (const oldest of this.#breakers.keys()) {
      this.#breakers.delete(oldest);
      break;
    }
  }
}

/** How many retries all calls together may cause. */
export interface BudgetOptions {
  /** Retries that each first call earns; 0.1 bounds the load to 1.1 times the calls. */
  readonly ratio: number;
  /** Retries that are there before anything was earned. */
  readonly reserve: number;
  /** Most retries that can be saved up. */
  readonly ceiling: number;
}

/** A tenth (Google, "Site Reliability Engineering", chapter 21), with a small reserve for quiet times. */
export const budgetDefaults: BudgetOptions = { ratio: 0.1, reserve: 10, ceiling: 100 };

/** What is left: plain data, safe to store. */
export interface BudgetState {
  /** Retries left; not whole. */
  readonly left: number;
}

/** A budget before the first call. */
export const budgetStart = ({ reserve, ceiling }: BudgetOptions): BudgetState => ({
  left: Math.min(reserve, ceiling),
});

/** A first call earns its share. */
export const budgetEarn = ({ left }: BudgetState, { ratio, ceiling }: BudgetOptions): BudgetState => ({
  left: Math.min(ceiling, left + ratio),
});

/** Ten shares of 0.1 do not add up to 1 in binary; this much is forgiven. */
const ROUNDING = 1e-9;

/** Takes one retry out, where one is left. */
export function budgetSpend(state: BudgetState): readonly [allowed: boolean, state: BudgetState] {
  return state.left + ROUNDING < 1 ? [false, state] : [true, { left: Math.max(0, state.left - 1) }];
}

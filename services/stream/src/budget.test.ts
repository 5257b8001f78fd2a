import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetDefaults, budgetEarn, budgetSpend, budgetStart, type BudgetState } from './budget.ts';

/** Retries that a total outage causes: every call fails and wants three retries. */
function outage(calls: number): number {
  let state: BudgetState = budgetStart(budgetDefaults);
  let retries = 0;
  for (let call = 0; call < calls; call += 1) {
    state = budgetEarn(state, budgetDefaults);
    for (let retry = 0; retry < 3; retry += 1) {
      const [allowed, next] = budgetSpend(state);
      state = next;
      if (allowed) retries += 1;
    }
  }
  return retries;
}

describe('a retry budget', () => {
  it('bounds a total outage to 1.1 times the calls, after its reserve', () => {
    expect(outage(10_000)).toBe(10_000 * budgetDefaults.ratio + budgetDefaults.reserve);
  });

  it('never allows more than it earned, nor saves more than its ceiling', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 2_000 }), (events) => {
        let state = budgetStart(budgetDefaults);
        let [earned, spent] = [0, 0];
        for (const call of events) {
          if (call) {
            state = budgetEarn(state, budgetDefaults);
            earned += 1;
          } else {
            const [allowed, next] = budgetSpend(state);
            state = next;
            if (allowed) spent += 1;
          }
          expect(state.left).toBeGreaterThanOrEqual(0);
          expect(state.left).toBeLessThanOrEqual(budgetDefaults.ceiling);
        }
        expect(spent).toBeLessThanOrEqual(budgetDefaults.reserve + earned * budgetDefaults.ratio + 1e-6);
      }),
    );
  });
});

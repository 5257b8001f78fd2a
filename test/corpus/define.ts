import type { FailingScenario, Scenario } from './scenario.ts';

/** Whether a scenario is one that fails. */
export function isFailing(scenario: Scenario): scenario is FailingScenario {
  return 'fails' in scenario;
}

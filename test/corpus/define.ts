import type { FailingScenario, PassingScenario, Scenario } from './scenario.ts';

/** Whether a scenario is one that fails. */
export function isFailing(scenario: Scenario): scenario is FailingScenario {
  return 'fails' in scenario;
}

/** Whether a scenario is one that passes. */
export function isPassing(scenario: Scenario): scenario is PassingScenario {
  return 'passes' in scenario;
}

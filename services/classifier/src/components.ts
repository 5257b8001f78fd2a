import { parseEnv, stageComponent, type Component, type Environment } from '@faultline/platform';
import { classifierConfig, depsOf } from './config.ts';
import { createClassifierStage } from './stage.ts';

/** What the classifier consists of as a service. */
export function classifierComponents(env: Environment): readonly Component[] {
  const stage = createClassifierStage(depsOf(parseEnv(classifierConfig, env)));
  return [stageComponent({ stage, inputs: ['errors.raw'] })];
}

import { parseEnv, stageComponent, type Component, type Environment } from '@faultline/platform';
import { fixerConfigSchema } from './config.ts';
import { createFixerStage } from './stage.ts';

/** What the fixer consists of as a service. */
export function fixerComponents(env: Environment): readonly Component[] {
  const { FAULTLINE_FIXES } = parseEnv(fixerConfigSchema, env);
  const stage = createFixerStage({ enabled: FAULTLINE_FIXES === 'on' });
  return [stageComponent({ stage, inputs: ['errors.fixable'] })];
}

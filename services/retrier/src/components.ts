import { parseEnv, stageComponent, type Component, type Environment } from '@faultline/platform';
import { retrierConfigSchema } from './config.ts';
import { createExecutors } from './executors.ts';
import { createRetrierStage } from './stage.ts';

/** What the retrier consists of as a service. */
export function retrierComponents(env: Environment): readonly Component[] {
  const config = parseEnv(retrierConfigSchema, env);
  return [
    stageComponent({
      stage: createRetrierStage({ attemptTimeoutMs: config.FAULTLINE_ATTEMPT_TIMEOUT_MS }),
      inputs: ['errors.classified', 'errors.delayed'],
      executors: (ports) => createExecutors(config, ports),
    }),
  ];
}

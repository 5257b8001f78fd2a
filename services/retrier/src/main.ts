import { parseEnv, runService, stageComponent } from '@faultline/platform';
import { retrierConfigSchema } from './config.ts';
import { createExecutors } from './executors.ts';
import { createRetrierStage } from './stage.ts';

const config = parseEnv(retrierConfigSchema, process.env);

await runService({
  name: 'retrier',
  env: process.env,
  components: [
    stageComponent({
      stage: createRetrierStage({ attemptTimeoutMs: config.FAULTLINE_ATTEMPT_TIMEOUT_MS }),
      inputs: ['errors.classified', 'errors.delayed'],
      executors: (ports) => createExecutors(config, ports),
    }),
  ],
});

import { runService, stageComponent } from '@faultline/platform';
import { createRetrierStage } from './stage.ts';

await runService({
  name: 'retrier',
  env: process.env,
  components: [
    stageComponent({
      stage: createRetrierStage({ attemptTimeoutMs: 30_000 }),
      inputs: ['errors.classified', 'errors.delayed'],
    }),
  ],
});

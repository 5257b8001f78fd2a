import { runService, stageComponent } from '@faultline/platform';
import { createFixerStage } from './stage.ts';

await runService({
  name: 'fixer',
  env: process.env,
  components: [stageComponent({ stage: createFixerStage({ enabled: true }), inputs: ['errors.fixable'] })],
});

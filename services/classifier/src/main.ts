import { runService, stageComponent } from '@faultline/platform';
import { createClassifierStage } from './stage.ts';

await runService({
  name: 'classifier',
  env: process.env,
  components: [stageComponent({ stage: createClassifierStage(), inputs: ['errors.raw'] })],
});

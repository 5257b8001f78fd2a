import { runService, stageComponent } from '@faultline/platform';
import { createEscalatorStage } from './stage.ts';

await runService({
  name: 'escalator',
  env: process.env,
  components: [stageComponent({ stage: createEscalatorStage(), inputs: ['errors.unresolved'] })],
});

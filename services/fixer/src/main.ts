import { parseEnv, runService, stageComponent } from '@faultline/platform';
import { fixerConfigSchema } from './config.ts';
import { createFixerStage } from './stage.ts';

const config = parseEnv(fixerConfigSchema, process.env);

await runService({
  name: 'fixer',
  env: process.env,
  components: [
    stageComponent({
      stage: createFixerStage({ enabled: config.FAULTLINE_FIXES === 'on' }),
      inputs: ['errors.fixable'],
    }),
  ],
});

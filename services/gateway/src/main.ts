import { parseEnv, runService } from '@faultline/platform';
import { gatewayComponent } from './component.ts';
import { gatewayConfigSchema } from './config.ts';

const config = parseEnv(gatewayConfigSchema, process.env);
await runService({ name: 'gateway', env: process.env, components: [gatewayComponent(config)] });

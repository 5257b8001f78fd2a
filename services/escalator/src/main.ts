import { runService } from '@faultline/platform';
import { escalatorComponents } from './components.ts';

await runService({ name: 'escalator', env: process.env, components: escalatorComponents(process.env) });

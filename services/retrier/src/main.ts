import { runService } from '@faultline/platform';
import { retrierComponents } from './components.ts';

await runService({ name: 'retrier', env: process.env, components: retrierComponents(process.env) });

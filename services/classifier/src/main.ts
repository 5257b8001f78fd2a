import { runService } from '@faultline/platform';
import { classifierComponents } from './components.ts';

await runService({ name: 'classifier', env: process.env, components: classifierComponents(process.env) });

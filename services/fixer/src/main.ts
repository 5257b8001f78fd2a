import { runService } from '@faultline/platform';
import { fixerComponents } from './components.ts';

await runService({ name: 'fixer', env: process.env, components: fixerComponents(process.env) });

import { runService } from '@faultline/platform';
import { analyticsComponents } from './components.ts';

await runService({ name: 'analytics', env: process.env, components: analyticsComponents(process.env) });

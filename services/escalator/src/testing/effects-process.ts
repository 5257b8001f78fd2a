import { parseEnv } from '@faultline/platform';
import { Pool } from 'pg';
import { escalatorConfigSchema } from '../config.ts';
import { effectsComponent } from '../effects/effects-component.ts';
import { EscalatorBench } from './escalator-bench.ts';

// The effects component alone in a process of its own, to be killed. DATABASE_URL names its database.
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 8 });
const bench = new EscalatorBench(pool);
const context = {
  ...bench.context,
  config: { ...bench.context.config, FAULTLINE_FAIL_POINT: process.env['FAULTLINE_FAIL_POINT'] },
};
await effectsComponent(parseEnv(escalatorConfigSchema, process.env)).start(context);
process.stdout.write('started\n');

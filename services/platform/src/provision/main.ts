import { Fault } from '@faultline/stream';
import { baseConfigSchema } from '../config/base-config.ts';
import { parseEnv } from '../config/parse-env.ts';
import { provision } from './provision.ts';

try {
  const config = parseEnv(baseConfigSchema, process.env);
  const acceptTopics = process.argv.includes('--accept-topics');
  const done = await provision(config, { acceptTopics });
  process.stdout.write(`${JSON.stringify({ v: 1, ...done })}\n`);
} catch (error) {
  const remedy = error instanceof Fault ? ` Remedy: ${error.remedy}` : '';
  process.stderr.write(
    `provisioning failed: ${error instanceof Error ? error.message : String(error)}${remedy}\n`,
  );
  process.exitCode = error instanceof Fault && error.retryable ? 3 : 1;
}

import type { Command } from 'commander';
import { baseConfigSchema, parseEnv, provision } from '@faultline/platform';
import type { CliContext } from '../cli-context.ts';
import { printJson } from '../cli-context.ts';
import { locateLine, needed } from '../line/locate-line.ts';

interface ProvisionOptions {
  readonly acceptTopics?: boolean;
  readonly data?: string;
}

/** `faultline provision`: topics, schemas and migrations; again, it changes nothing. */
export function provisionCommand(program: Command, context: CliContext): void {
  program
    .command('provision')
    .description('create the topics, register the schemas with a compatibility check, migrate the database')
    .option('--accept-topics', 'take recreated topics, or another number of partitions, as they are now')
    .option('--data <DIR>', 'data folder of the line')
    .action(async ({ acceptTopics = false, data }: ProvisionOptions) => {
      const line = locateLine(context, data);
      const config = parseEnv(baseConfigSchema, {
        ...context.env,
        FAULTLINE_BROKERS: needed(line.brokers, 'the broker', 'FAULTLINE_BROKERS').join(','),
        FAULTLINE_REGISTRY_URL: needed(line.registryUrl, 'the registry', 'FAULTLINE_REGISTRY_URL'),
        DATABASE_URL: needed(line.databaseUrl, 'Postgres', 'DATABASE_URL'),
      });
      printJson(context, await provision(config, { acceptTopics }));
    });
}

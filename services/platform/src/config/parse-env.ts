import { readFileSync } from 'node:fs';
import { Fault } from '@faultline/stream';
import type { z } from 'zod';

/** Environment variables as Node gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment by a schema whose keys are the variables' names. `KEY_FILE` names a file that holds
 * the value of KEY. Throws one {@link Fault} that names every wrong key and what it is for.
 */
export function parseEnv<Schema extends z.ZodObject>(
  schema: Schema,
  env: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): z.infer<Schema> {
  const problems: string[] = [];
  const given: Record<string, string> = {};
  for (const key of Object.keys(schema.shape)) {
    const file = env[`${key}_FILE`];
    const value = env[key];
    if (value !== undefined && value !== '') given[key] = value;
    else if (file !== undefined && file !== '') {
      try {
        given[key] = readFile(file).trim();
      } catch (error) {
        problems.push(`${key}_FILE: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) {
      const key = String(path[0]);
      const field = schema.shape[key] as { readonly description?: string } | undefined;
      problems.push(`${key}: ${message}${field?.description === undefined ? '' : ` (${field.description})`}`);
    }
  }
  if (problems.length > 0) {
    throw new Fault('CONFIG_INVALID', `the configuration is wrong:\n  ${problems.join('\n  ')}`, {
      remedy: 'set the environment variables named above',
    });
  }
  return parsed.data as z.infer<Schema>;
}

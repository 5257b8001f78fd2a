import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '@faultline/stream';
import { settingsFault } from '../settings/settings-fault.ts';
import { fileSchema, type FileSettings } from '../settings/settings-schema.ts';

/** Where the configuration lies when nobody says. */
const DEFAULT_FILE = path.join('config', 'error_handling_config.json');

/** What a file holds. */
export interface ReadConfig {
  readonly settings: FileSettings;
  readonly path: string | null;
  /** Fields that this version does not know. */
  readonly unknown: readonly string[];
}

const nothing: ReadConfig = { settings: {}, path: null, unknown: [] };

/** Reads the configuration file. Throws a {@link Fault} where a named file is not there, or is wrong. */
export function readConfigFile(file: string | false | undefined): ReadConfig {
  if (file === false) return nothing;
  const at = path.resolve(file ?? DEFAULT_FILE);
  if (!existsSync(at)) {
    if (file === undefined) return nothing;
    throw new Fault('CONFIG_INVALID', `configFile: there is no ${at}`, {
      remedy: 'correct the path, or leave configFile out',
    });
  }
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(at, 'utf8'));
  } catch (cause) {
    throw new Fault(
      'CONFIG_INVALID',
      `${at} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        remedy: 'mend the file, or pass configFile: false',
        cause,
      },
    );
  }
  const unknown: string[] = [];
  for (;;) {
    const parsed = fileSchema.safeParse(given);
    if (parsed.success) return { settings: parsed.data, path: at, unknown };
    const issue = parsed.error.issues.find(({ code }) => code === 'unrecognized_keys');
    if (issue?.code !== 'unrecognized_keys') throw settingsFault(`${at} is wrong`, parsed.error);
    const where = issue.path.map(String);
    unknown.push(...issue.keys.map((key) => [...where, key].join('.')));
    given = without(given, where, issue.keys);
  }
}

/** The value without some keys of the object at a path. */
function without(value: unknown, where: readonly string[], keys: readonly string[]): unknown {
  const [head, ...rest] = where;
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    head === undefined
      ? entries.filter(([name]) => !keys.includes(name))
      : entries.map(([name, inner]) => [name, name === head ? without(inner, rest, keys) : inner]),
  );
}

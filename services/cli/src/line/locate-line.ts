import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Fault } from '@faultline/stream';
import type { CliContext } from '../cli-context.ts';

/** Where a line is, as far as is known. */
export interface LineLocation {
  readonly brokers: readonly string[] | undefined;
  readonly registryUrl: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly apiUrl: string | undefined;
  readonly gatewayUrl: string | undefined;
  /** Token of the API, where it asks for one. */
  readonly apiToken: string | undefined;
}

/** Folder in which `npm start` keeps its data. */
const DATA_FOLDER = '.faultline';

/**
 * Where the line is: the environment first (FAULTLINE_BROKERS, FAULTLINE_REGISTRY_URL, DATABASE_URL,
 * FAULTLINE_API_URL, FAULTLINE_API_TOKEN, FAULTLINE_GATEWAY_URL), then what `npm start` wrote into the state file of its data folder:
 * `data`, FAULTLINE_DATA_DIR, or `.faultline` in this folder or the nearest one above it.
 */
export function locateLine(context: Pick<CliContext, 'env' | 'cwd'>, data?: string): LineLocation {
  const { env } = context;
  const state = readState(stateFiles(context, data));
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value.replace(/\/+$/, '') : undefined;
  const listed = env['FAULTLINE_BROKERS']?.split(',').flatMap((broker) => broker.trim() || []);
  const stored = Array.isArray(state['brokers'])
    ? state['brokers'].filter((broker): broker is string => typeof broker === 'string')
    : undefined;
  return {
    brokers: listed ?? stored,
    registryUrl: text(env['FAULTLINE_REGISTRY_URL']) ?? text(state['registry']) ?? text(state['registryUrl']),
    databaseUrl: text(env['DATABASE_URL']) ?? text(state['database']) ?? text(state['databaseUrl']),
    apiUrl: text(env['FAULTLINE_API_URL']) ?? text(state['api']),
    gatewayUrl: text(env['FAULTLINE_GATEWAY_URL']) ?? text(state['gateway']),
    apiToken: env['FAULTLINE_API_TOKEN'] === '' ? undefined : env['FAULTLINE_API_TOKEN'],
  };
}

/** The value, or a failure that says how to give it. */
export function needed<T>(value: T | undefined, what: string, key: string): T {
  if (value !== undefined) return value;
  throw new Fault('UNREACHABLE', `nothing says where ${what} is`, {
    remedy: `start the line with npm start, or set ${key}`,
  });
}

function stateFiles({ env, cwd }: Pick<CliContext, 'env' | 'cwd'>, data?: string): readonly string[] {
  const named = data ?? env['FAULTLINE_DATA_DIR'];
  if (named !== undefined && named !== '') return [path.resolve(cwd, named, 'state.json')];
  const files: string[] = [];
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    files.push(path.join(folder, DATA_FOLDER, 'state.json'));
    if (folder === path.dirname(folder)) return files;
  }
}

function readState(files: readonly string[]): Readonly<Record<string, unknown>> {
  for (const file of files) {
    try {
      const state: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (typeof state === 'object' && state !== null) return state as Readonly<Record<string, unknown>>;
    } catch {
      // not there, or being written: the next one, or the environment
    }
  }
  return {};
}

import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const repositoryRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where a line keeps its data and logs when nobody names a folder. Git-ignored. */
export const defaultDataDir = path.join(repositoryRoot, '.faultline');

/**
 * The folder shared by all clones of this user, for what is downloaded once: FAULTLINE_CACHE_DIR,
 * else XDG_CACHE_HOME/faultline, else ~/.cache/faultline.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
export function cacheDir(env = process.env) {
  if (env.FAULTLINE_CACHE_DIR) return path.resolve(env.FAULTLINE_CACHE_DIR);
  return path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'faultline');
}

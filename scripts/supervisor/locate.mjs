import path from 'node:path';
import { defaultDataDir } from '../native/paths.mjs';
import { isAlive } from '../native/process-ref.mjs';
import { composeServices } from './docker.mjs';
import { externalLine } from './external.mjs';
import { readState } from './state.mjs';

/** The folder that a command means: --data DIR, else FAULTLINE_DATA_DIR, else .faultline. @param {string | undefined} option */
export function dataDirOf(option) {
  return path.resolve(option ?? process.env.FAULTLINE_DATA_DIR ?? defaultDataDir);
}

/**
 * Where the line of this folder is; where the environment says, when none runs here. Undefined
 * when there is neither.
 *
 * @param {string} dataDir
 * @returns {Promise<import('./status-report.mjs').LineLocation | undefined>}
 */
export async function locateLine(dataDir) {
  const state = await readState(dataDir);
  if (state !== undefined) return locationOf(state);
  const external = externalLine();
  if (external === undefined) return undefined;
  return {
    ...external,
    mode: 'external',
    phase: null,
    services: external.services.map((service) => ({ ...service, pid: null })),
  };
}

/**
 * @param {import('./state.mjs').LineState} state
 * @returns {Promise<import('./status-report.mjs').LineLocation>}
 */
export async function locationOf(state) {
  const { mode, phase, brokers, registry, database, api, gateway } = state;
  const services =
    state.composeProject === undefined
      ? state.processes
          .filter(({ kind }) => kind === 'service')
          .map((each) => ({ name: each.name, pid: isAlive(each) ? each.pid : null, url: each.url }))
      : await composeServices(state.composeProject).catch(() => []);
  return { mode, phase, brokers, registry, database, api, gateway, services };
}

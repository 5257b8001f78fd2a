import path from 'node:path';
import { repositoryRoot } from '../native/paths.mjs';

/**
 * A process of the line: what to run, and the port of its /metrics, /livez and /readyz.
 *
 * @typedef {{ readonly name: string, readonly script: string, readonly args: readonly string[], readonly port: import('../native/ports.mjs').PortName | null }} ServiceSpec
 */

const separate = /** @type {const} */ ([
  'classifier',
  'retrier',
  'fixer',
  'escalator',
  'analytics',
  'gateway',
]);

/**
 * The services of the line, one process each or all in one.
 *
 * @param {boolean} all
 * @returns {readonly ServiceSpec[]}
 */
export function lineServices(all) {
  if (all) return [{ name: 'system', script: mainOf('system'), args: [], port: 'analytics' }];
  return separate.map((name) => ({ name, script: mainOf(name), args: [], port: name }));
}

/** Creates topics, registers schemas, migrates; ends by itself. */
export const provisionScript = path.join(
  repositoryRoot,
  'services',
  'platform',
  'dist',
  'provision',
  'main.js',
);

/**
 * The replay of the corpus, over and over, at so many errors a second.
 *
 * @param {number} rate
 * @returns {ServiceSpec}
 */
export function replayService(rate) {
  return {
    name: 'replay',
    script: path.join(repositoryRoot, 'services', 'cli', 'bin', 'faultline.mjs'),
    args: [
      'replay',
      '--corpus',
      path.join(repositoryRoot, 'test', 'corpus', 'data'),
      '--rate',
      String(rate),
      '--loop',
    ],
    port: null,
  };
}

/**
 * The environment of a service: that of this process, so that whoever starts the line configures
 * it, and what the line knows.
 *
 * @param {{ brokers: readonly string[], registry: string, database: string, api: string, gateway: string }} line
 * @param {{ name: string, port: number | null }} [service]
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export function serviceEnvironment(line, service, env = process.env) {
  const own = {
    NODE_ENV: 'production',
    FAULTLINE_BROKERS: line.brokers.join(','),
    FAULTLINE_REGISTRY_URL: line.registry,
    DATABASE_URL: line.database,
    FAULTLINE_API_URL: line.api,
    FAULTLINE_GATEWAY_URL: line.gateway,
    FAULTLINE_PUBLIC_URL: env.FAULTLINE_PUBLIC_URL ?? line.api,
    FAULTLINE_LOG_LEVEL: env.FAULTLINE_LOG_LEVEL ?? 'info',
    // the replay's operations are run again on this machine; elsewhere nothing private may be called unasked
    FAULTLINE_OUTBOUND_ALLOW: env.FAULTLINE_OUTBOUND_ALLOW ?? '127.0.0.1',
    ...(service === undefined ? {} : { FAULTLINE_INSTANCE: `${service.name}-1` }),
    ...(service?.port == null
      ? {}
      : { FAULTLINE_HTTP_HOST: '127.0.0.1', FAULTLINE_HTTP_PORT: String(service.port) }),
  };
  return { ...env, ...own };
}

/** @param {string} name */
function mainOf(name) {
  return path.join(repositoryRoot, 'services', name, 'dist', 'main.js');
}

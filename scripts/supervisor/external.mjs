/**
 * A line that is elsewhere, as the environment names it; undefined when it names none.
 *
 * @param {NodeJS.ProcessEnv} [env]
 */
export function externalLine(env = process.env) {
  if (!env.FAULTLINE_BROKERS) return undefined;
  return {
    brokers: env.FAULTLINE_BROKERS.split(',')
      .map((broker) => broker.trim())
      .filter(Boolean),
    registry: env.FAULTLINE_REGISTRY_URL?.replace(/\/+$/, '') ?? null,
    database: env.DATABASE_URL ?? null,
    api: env.FAULTLINE_API_URL?.replace(/\/+$/, '') ?? null,
    gateway: env.FAULTLINE_GATEWAY_URL?.replace(/\/+$/, '') ?? null,
    services: parseServiceUrls(env.FAULTLINE_SERVICE_URLS ?? ''),
  };
}

/**
 * FAULTLINE_SERVICE_URLS: classifier=http://host:8080,retrier=http://host:8081
 *
 * @param {string} text
 */
export function parseServiceUrls(text) {
  return text
    .split(',')
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair) => {
      const equals = pair.indexOf('=');
      return {
        name: equals < 0 ? pair : pair.slice(0, equals),
        url: pair.slice(equals + 1).replace(/\/+$/, ''),
      };
    });
}

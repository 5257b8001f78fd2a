import { probeHttp, probeKafka, probePostgres } from '../native/probe.mjs';
import { sumMetric } from './metrics-text.mjs';

/** The fields of `line`, in the order in which they are printed. */
export const lineFields = /** @type {const} */ ([
  'in',
  'resolved',
  'suppressed',
  'deadLettered',
  'escalated',
  'inFlight',
  'overdue',
  'unaccounted',
]);

/** @typedef {Record<(typeof lineFields)[number], number | null>} LineNumbers */

/**
 * What is known of where a line is: from its state file, the containers, or the environment.
 *
 * @typedef {object} LineLocation
 * @property {'native' | 'docker' | 'external'} mode
 * @property {string | null} phase
 * @property {readonly string[]} brokers
 * @property {string | null} registry
 * @property {string | null} database
 * @property {string | null} api
 * @property {string | null} gateway
 * @property {readonly { name: string, pid: number | null, url: string | null }[]} services
 */

/**
 * Asks everything that runs where it stands. What does not answer is null or false, never left out.
 *
 * @param {LineLocation} location
 */
export async function collectStatus(location) {
  const [line, services, up] = await Promise.all([
    lineNumbers(location.api),
    Promise.all(location.services.map(serviceStatus)),
    infrastructure(location),
  ]);
  const allUp = Object.values(up).every((each) => each !== false);
  return {
    v: /** @type {const} */ (1),
    ready:
      location.phase !== 'starting' &&
      location.phase !== 'stopping' &&
      allUp &&
      services.length > 0 &&
      services.every(({ ready }) => ready),
    mode: location.mode,
    brokers: [...location.brokers],
    registry: location.registry,
    database: location.database,
    api: location.api,
    gateway: location.gateway,
    line,
    services,
    phase: location.phase,
    up,
  };
}

/** The status of a line that is not there. @param {'native' | 'docker' | 'external'} mode */
export function absentStatus(mode) {
  return {
    v: /** @type {const} */ (1),
    ready: false,
    mode,
    brokers: [],
    registry: null,
    database: null,
    api: null,
    gateway: null,
    line: emptyLine(),
    services: [],
    phase: null,
    up: { broker: null, registry: null, database: null },
  };
}

/** @returns {LineNumbers} */
function emptyLine() {
  return /** @type {LineNumbers} */ (Object.fromEntries(lineFields.map((field) => [field, null])));
}

/** @param {string | null} api @returns {Promise<LineNumbers>} */
async function lineNumbers(api) {
  const line = emptyLine();
  if (api === null) return line;
  try {
    const answer = JSON.parse(await probeHttp(`${api}/api/v1/line`));
    for (const field of lineFields) if (typeof answer[field] === 'number') line[field] = answer[field];
  } catch {
    // null says that it is not known
  }
  return line;
}

/** @param {{ name: string, pid: number | null, url: string | null }} service */
async function serviceStatus({ name, pid, url }) {
  if (url === null) return { name, pid, ready: pid !== null, url, lag: null };
  const [ready, lag] = await Promise.all([
    probeHttp(`${url}/readyz`).then(
      () => true,
      () => false,
    ),
    probeHttp(`${url}/metrics`).then(
      (text) => sumMetric(text, 'faultline_lag_records'),
      () => null,
    ),
  ]);
  return { name, pid, ready, url, lag };
}

/** true: answers; false: does not; null: there is none to ask. @param {LineLocation} location */
async function infrastructure({ brokers, registry, database }) {
  const answers = (/** @type {Promise<unknown>} */ probe) =>
    probe.then(
      () => true,
      () => false,
    );
  const [host = '', port = '9092'] = (brokers[0] ?? '').split(':');
  const db = database === null ? undefined : new URL(database);
  const [broker, registryUp, databaseUp] = await Promise.all([
    brokers.length === 0 ? null : answers(probeKafka(host, Number(port))),
    registry === null ? null : answers(probeHttp(`${registry}/subjects`)),
    db === undefined ? null : answers(probePostgres(db.hostname, Number(db.port || 5432))),
  ]);
  return { broker, registry: registryUp, database: databaseUp };
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Failure } from './failure.mjs';
import { freshPartial } from './fresh-partial.mjs';
import { javaCommand } from './java.mjs';
import { repositoryRoot } from './paths.mjs';
import { probeKafka, untilReady } from './probe.mjs';
import { spawnLogged } from './spawn-logged.mjs';

const run = promisify(execFile);
const kafkaFolder = path.join(repositoryRoot, 'infra', 'kafka');

/**
 * What the nodes of one Kafka cluster share.
 *
 * @typedef {object} KafkaPlan
 * @property {string} dir folder of all nodes
 * @property {string} logDir
 * @property {string} clusterId
 * @property {readonly { id: number, port: number, controllerPort: number }[]} nodes
 * @property {number} heapMb
 * @property {Record<string, string>} settings put after the template's
 * @property {import('./artifacts.mjs').Artifacts} artifacts
 * @property {boolean} tether
 * @property {number} timeoutMs
 * @property {AbortSignal} [signal]
 */

/**
 * Reads or makes the identity of the cluster in `dir`; one made for another number of brokers is
 * refused, since its replication was laid out for that.
 *
 * @param {string} dir
 * @param {number} brokers
 */
export async function clusterIdentity(dir, brokers) {
  const file = path.join(dir, 'cluster-id.json');
  await mkdir(dir, { recursive: true });
  let found;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // None yet, or half written: nothing is formatted before it is whole.
  }
  if (found?.clusterId !== undefined) {
    if (found.brokers !== brokers) {
      throw new Failure(`${dir} holds a cluster of ${found.brokers} broker(s), not ${brokers}`, {
        remedy: 'use another folder with --data DIR, or remove this one',
        code: 'usage',
      });
    }
    return /** @type {string} */ (found.clusterId);
  }
  // Kafka's form of a UUID: 16 bytes in url-safe base64; it must not begin with a dash.
  let clusterId;
  do clusterId = Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  while (clusterId.startsWith('-'));
  await writeFile(`${file}.new`, JSON.stringify({ clusterId, brokers }));
  await rename(`${file}.new`, file);
  return clusterId;
}

/**
 * Formats what is not formatted, starts one node and waits until it has joined.
 *
 * @param {KafkaPlan} plan
 * @param {number} id
 */
export async function startBroker(plan, id) {
  const node = plan.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw new Failure(`there is no broker ${id}`, { code: 'notFound' });
  const dataDir = path.join(plan.dir, `broker-${id}`);
  const logFile = path.join(plan.logDir, `broker-${id}.log`);
  if (!existsSync(dataDir)) await format(plan, id, dataDir);
  const properties = path.join(plan.dir, `broker-${id}.properties`);
  await writeFile(properties, await renderProperties(plan, id, dataDir));

  const broker = await spawnLogged({
    command: javaCommand(),
    args: [
      `-Xms${Math.min(plan.heapMb, 512)}m`,
      `-Xmx${plan.heapMb}m`,
      '-XX:+UseG1GC',
      '-XX:MaxGCPauseMillis=20',
      '-XX:+ExitOnOutOfMemoryError',
      '-Djava.awt.headless=true',
      `-Dlog4j2.configurationFile=${path.join(kafkaFolder, 'log4j2.xml')}`,
      '-cp',
      plan.artifacts.kafkaClassPath,
      'kafka.Kafka',
      properties,
    ],
    logFile,
    tether: plan.tether,
  });
  return {
    ...broker,
    ready: untilReady({
      name: `broker ${id}`,
      probe: async () => {
        const { brokers } = await probeKafka('127.0.0.1', node.port);
        if (!brokers.some((other) => other.id === id)) throw new Error('it has not joined the cluster yet');
      },
      timeoutMs: plan.timeoutMs,
      process: broker,
      logFile,
      remedy:
        'the log names the reason; a port that is taken: --port-base N; data that cannot be read: another --data DIR',
    }),
  };
}

/**
 * Formats beside, then renames: a folder that exists is a whole one.
 *
 * @param {KafkaPlan} plan
 * @param {number} id
 * @param {string} dataDir
 */
async function format(plan, id, dataDir) {
  const partial = await freshPartial(plan.dir, `broker-${id}.partial`);
  const properties = `${partial}.properties`;
  await writeFile(properties, await renderProperties(plan, id, partial));
  try {
    await run(
      javaCommand(),
      [
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        `-Dlog4j2.configurationFile=${path.join(kafkaFolder, 'log4j2.xml')}`,
        '-cp',
        plan.artifacts.kafkaClassPath,
        'kafka.tools.StorageTool',
        'format',
        '-t',
        plan.clusterId,
        '-c',
        properties,
      ],
      { timeout: 120_000, ...(plan.signal === undefined ? {} : { signal: plan.signal }) },
    );
  } catch (error) {
    const { code, stdout = '', stderr = '' } = /** @type {any} */ (error);
    if (code === 'ENOENT')
      throw new Failure('java is not on the PATH', {
        remedy: 'install Java 17 or later (Debian: apt install openjdk-17-jre-headless)',
        cause: error,
      });
    const logFile = path.join(plan.logDir, `broker-${id}-format.log`);
    await mkdir(plan.logDir, { recursive: true });
    await writeFile(logFile, `${stdout}\n${stderr}`);
    throw new Failure(`the storage of broker ${id} could not be formatted`, {
      logFile,
      remedy: 'check the disk, then start again',
      cause: error,
    });
  }
  await rm(properties, { force: true });
  await rename(partial, dataDir);
}

/** @param {KafkaPlan} plan @param {number} id @param {string} logDir */
async function renderProperties(plan, id, logDir) {
  const template = await readFile(path.join(kafkaFolder, 'server.properties.template'), 'utf8');
  const node = /** @type {KafkaPlan['nodes'][number]} */ (
    plan.nodes.find((candidate) => candidate.id === id)
  );
  const many = plan.nodes.length >= 3;
  const values = {
    nodeId: id,
    port: node.port,
    controllerPort: node.controllerPort,
    voters: plan.nodes.map((each) => `${each.id}@127.0.0.1:${each.controllerPort}`).join(','),
    // Properties files take a backslash and a blank as something else.
    logDir: logDir.replaceAll('\\', '\\\\').replaceAll(' ', '\\ '),
    replication: many ? 3 : 1,
    minInsync: many ? 2 : 1,
  };
  const extra = Object.entries(plan.settings).map(([key, value]) => `${key}=${value}\n`);
  return `${template}\n${extra.join('')}`.replaceAll(/^([^#\n].*)$/gm, (line) =>
    line.replaceAll(/\$\{(\w+)\}/g, (_, name) => {
      if (!(name in values)) throw new Failure(`the broker's properties name an unknown value: ${name}`);
      return String(values[/** @type {keyof typeof values} */ (name)]);
    }),
  );
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCluster, type Cluster } from '../../scripts/native/index.mjs';
import { lineServices, type LineService } from '../support/line-processes.ts';
import { startEndTxnProxy, type EndTxnProxy } from './end-txn-proxy.ts';
import { ServiceSlot, type ServiceExit } from './service-slot.ts';

const run = promisify(execFile);

/** Time-outs of the run, below the defaults so that many faults fit in. */
export const sessionTimeoutMs = 6_000;
/** Above the clients' request time-out of 10 s, as the product asks for. */
export const transactionTimeoutMs = 12_000;
/** Instances of each service while nothing is scaled. */
const INSTANCES = 2;
const MOST_INSTANCES = 3;
const PROXY_AT = 60;
const LISTENER_AT = 70;
const SERVICES_AT = 100;

/** What a line is brought up with. */
export interface ChaosLineOptions {
  readonly dir: string;
  readonly tree: string;
  readonly portBase: number;
  readonly brokers: 1 | 3;
  /** Environment that points the services at the outside systems. */
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** Between provisioning and the services. */
  readonly beforeServices: (databaseUrl: string) => Promise<void>;
  /** Folder of Postgres' data is made on it where given: a small file system that can be filled. */
  readonly beforePostgres?: Promise<unknown>;
}

/** The line under fire: a cluster, proxies before its brokers, and processes of each service. */
export interface ChaosLine {
  readonly cluster: Cluster;
  readonly proxies: readonly EndTxnProxy[];
  readonly slots: readonly ServiceSlot[];
  readonly exits: readonly ServiceExit[];
  readonly slotsOf: (service: LineService) => readonly ServiceSlot[];
  /** Every slot that is meant to run has a process again. */
  readonly heal: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Brings the line up: cluster, topics, schemas, migrations, two instances of each service. */
export async function startChaosLine(options: ChaosLineOptions): Promise<ChaosLine> {
  const { dir, tree, portBase, brokers, log } = options;
  const logDir = path.join(dir, 'logs');
  await mkdir(logDir, { recursive: true });
  const listenerOf = (id: number): number => portBase + LISTENER_AT + id;
  const cluster = await startCluster({
    dataDir: path.join(dir, 'cluster'),
    portBase,
    brokers,
    database: 'faultline_chaos_test',
    tether: true,
    postgresSettings: { fsync: 'off', full_page_writes: 'off', max_wal_size: '128MB' },
    brokerSettings: proxiedListener(portBase),
    ...(options.beforePostgres === undefined ? {} : { beforePostgres: options.beforePostgres }),
    log,
  });
  const proxies: EndTxnProxy[] = [];
  const slots: ServiceSlot[] = [];
  const exits: ServiceExit[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const slot of slots) slot.pause(false);
    await Promise.all(slots.map(async (slot) => slot.kill()));
    await Promise.all(proxies.map(async (proxy) => proxy.stop()));
    await cluster.stop({ discard: true });
  };
  try {
    for (const { id } of cluster.brokers) {
      proxies.push(await startEndTxnProxy(portBase + PROXY_AT + id, listenerOf(id)));
    }
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      NODE_ENV: 'production',
      FAULTLINE_BROKERS: proxies.map(({ port }) => `127.0.0.1:${port}`).join(','),
      FAULTLINE_REGISTRY_URL: cluster.registryUrl,
      DATABASE_URL: cluster.databaseUrl,
      FAULTLINE_PARTITIONS: '4',
      FAULTLINE_REPLICATION: String(brokers),
      FAULTLINE_MIN_ISR: brokers === 3 ? '2' : '1',
      FAULTLINE_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
      FAULTLINE_TRANSACTION_TIMEOUT_MS: String(transactionTimeoutMs),
      FAULTLINE_BATCH_RECORDS: '200',
      FAULTLINE_LOG_LEVEL: 'info',
      ...options.env,
    };
    await run(process.execPath, ['--import', 'tsx', '-C', 'dev', 'services/platform/src/provision/main.ts'], {
      cwd: tree,
      env: { ...env, FAULTLINE_BROKERS: cluster.bootstrap },
    });
    await options.beforeServices(cluster.databaseUrl);
    for (const [place, service] of lineServices.entries()) {
      if (!existsSync(path.join(tree, 'services', service, 'dist', 'main.js'))) {
        throw new Error(`${service} is not built: run npm run build`);
      }
      for (let index = 0; index < MOST_INSTANCES; index += 1) {
        const slot = new ServiceSlot({
          service,
          index,
          tree,
          logDir,
          port: portBase + SERVICES_AT + place * MOST_INSTANCES + index,
          env,
          onExit: (exit) => {
            if (stopping) return;
            const asked = !slot.wanted && exit.code === 0;
            exits.push({ ...exit, expected: exit.expected || asked });
            if (!exit.expected && !asked) {
              log(`${exit.name} ended by itself: ${exit.code ?? exit.signal}; see ${exit.logFile}`);
              if (slot.wanted) setTimeout(() => void slot.start().catch(() => undefined), 1_000);
            }
          },
        });
        slots.push(slot);
      }
    }
    const slotsOf = (service: LineService): readonly ServiceSlot[] =>
      slots.filter((slot) => slot.service === service);
    const firsts = slots.filter(({ index }) => index < INSTANCES);
    for (const slot of firsts) await slot.start();
    const ready = await Promise.all(firsts.map(async (slot) => slot.ready()));
    const late = firsts.filter((_, place) => ready[place] === false).map(({ name }) => name);
    if (late.length > 0)
      throw new Error(`not ready after two minutes: ${late.join(', ')}; logs in ${logDir}`);
    const heal = async (): Promise<void> => {
      for (const slot of slots) {
        slot.pause(false);
        if (slot.index < INSTANCES) await slot.start();
      }
    };
    return { cluster, proxies, slots, exits, slotsOf, heal, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A second listener whose advertised address is the proxy's: ports end in the broker's number. */
function proxiedListener(portBase: number): Readonly<Record<string, string>> {
  const tens = (offset: number): string => String((portBase + offset) / 10);
  return {
    listeners: `PLAINTEXT://127.0.0.1:\${port},CONTROLLER://127.0.0.1:\${controllerPort},PROXIED://127.0.0.1:${tens(LISTENER_AT)}\${nodeId}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:\${port},PROXIED://127.0.0.1:${tens(PROXY_AT)}\${nodeId}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
  };
}

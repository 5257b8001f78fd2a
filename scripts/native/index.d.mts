/** One block of 50 ports from `base` on; see portOffsets for whose is which. */
export interface PortClaim {
  readonly base: number;
  readonly ports: Readonly<Record<PortName, number>>;
  /** Gives up the guard port, which this process holds so that no other line takes the block. */
  readonly release: () => void;
}

export type PortName =
  | 'analytics'
  | 'gateway'
  | 'classifier'
  | 'retrier'
  | 'fixer'
  | 'escalator'
  | 'system'
  | 'registry'
  | 'postgres'
  | 'prometheus'
  | 'grafana'
  | 'broker1'
  | 'broker2'
  | 'broker3'
  | 'controller1'
  | 'controller2'
  | 'controller3'
  | 'guard';

export interface ClusterOptions {
  /** Folder for all data and logs; kept over a stop, so that the next start goes on with it. */
  readonly dataDir: string;
  /** First port of the block; a taken port is then a failure. Without it the first free block from 19000 on. */
  readonly portBase?: number;
  /** false: with `portBase` taken, try the next blocks. */
  readonly exactPorts?: boolean;
  /** A block claimed beforehand. */
  readonly claim?: PortClaim;
  /** 1 (default), 3 (replication factor 3, min.insync.replicas 2), or 0 for a cluster elsewhere (`bootstrap`). */
  readonly brokers?: 0 | 1 | 3;
  readonly bootstrap?: string;
  /** Start Apicurio Registry; default true. With false `registryUrl` is handed through. */
  readonly registry?: boolean;
  readonly registryUrl?: string;
  /** Start Postgres; default true. Not started when `databaseUrl` names a server. */
  readonly postgres?: boolean;
  readonly databaseUrl?: string;
  /** Database that is created if it is missing; default faultline. */
  readonly database?: string;
  /** Broker settings put after those of infra/kafka/server.properties.template; ${nodeId}, ${port} and the like as there. */
  readonly brokerSettings?: Readonly<Record<string, string>>;
  /** Server settings, e.g. {fsync: 'off'} for a throw-away database. */
  readonly postgresSettings?: Readonly<Record<string, string>>;
  /** Postgres waits for it (its binaries come with npm ci). */
  readonly beforePostgres?: Promise<unknown>;
  /** The kernel ends all nodes when this process dies, however it dies (Linux): for tests. */
  readonly tether?: boolean;
  readonly brokerHeapMb?: number;
  readonly registryHeapMb?: number;
  readonly cacheDir?: string;
  /** How long each node may take; default 120,000 ms. */
  readonly readyTimeoutMs?: number;
  /** Gives up a start and ends what it has begun. */
  readonly signal?: AbortSignal;
  /** One line of progress. */
  readonly log?: (line: string) => void;
}

export interface ClusterBroker {
  readonly id: number;
  /** undefined while it is down. */
  readonly pid: number | undefined;
  readonly port: number;
  readonly address: string;
}

/** A process that stays the same process: its id with when it began (ids are used again). */
export interface ProcessRef {
  readonly pid: number;
  readonly startedAt: string;
}

/** How to end a node: SIGTERM by default (Postgres SIGINT, a fast shutdown), SIGKILL for a crash. */
export interface StopOptions {
  readonly signal?: NodeJS.Signals;
}

export interface Cluster {
  readonly dataDir: string;
  readonly logDir: string;
  readonly portBase: number;
  readonly ports: Readonly<Record<PortName, number>>;
  /** host:port,host:port */
  readonly bootstrap: string;
  readonly brokers: readonly ClusterBroker[];
  /** Base URL of the Confluent API. */
  readonly registryUrl: string;
  readonly databaseUrl: string;
  /** What runs now: broker-1…3, registry, postgres. */
  readonly processes: readonly (ProcessRef & { readonly name: string; readonly logFile: string })[];
  readonly pids: readonly number[];
  /** For signals of your own (SIGSTOP, SIGCONT), by name. */
  processOf(name: string): ProcessRef | undefined;
  onExit(name: string, listener: () => void): void;
  /** Starts a node that is down, on the same data and port; resolves when it is ready. */
  startBroker(id: number): Promise<void>;
  stopBroker(id: number, options?: StopOptions): Promise<void>;
  startRegistry(): Promise<void>;
  stopRegistry(options?: StopOptions): Promise<void>;
  startPostgres(): Promise<void>;
  stopPostgres(options?: StopOptions): Promise<void>;
  /** Stops registry, brokers, Postgres, in this order. `discard`: kills them and removes the folder. */
  stop(options?: { readonly discard?: boolean }): Promise<void>;
}

/** Starts everything side by side; rejects with a Failure that names the log file and the remedy. */
export function startCluster(options: ClusterOptions): Promise<Cluster>;

/** Ends what an earlier run in this folder left behind. */
export function endLeftovers(dataDir: string, log?: (line: string) => void): Promise<void>;
export function recordedProcesses(dataDir: string): (ProcessRef & { name: string })[];

export interface Artifacts {
  readonly root: string;
  /** Class path of Kafka's jars, with a star: org.apache.kafka.tools.ProducerPerformance is in it. */
  readonly kafkaClassPath: string;
  readonly registryJar: string;
}

/** The jars out of the user's cache; resolved with Maven when they are not whole. */
export function resolveArtifacts(options?: {
  readonly cache?: string;
  readonly log?: (line: string) => void;
}): Promise<Artifacts>;

export const exitCodes: {
  readonly ok: 0;
  readonly failed: 1;
  readonly usage: 2;
  readonly unreachable: 3;
  readonly notFound: 4;
};

export class Failure extends Error {
  constructor(
    message: string,
    options?: { remedy?: string; logFile?: string; code?: keyof typeof exitCodes; cause?: unknown },
  );
  readonly remedy: string | undefined;
  readonly logFile: string | undefined;
  readonly code: keyof typeof exitCodes;
}

/** The message, the last lines of the log, the log's name, the remedy. */
export function describeFailure(error: unknown): string;

export const repositoryRoot: string;
export const defaultDataDir: string;
export const defaultPortBase: number;
export const blockSize: number;
export const portOffsets: Readonly<Record<PortName, number>>;
export function portsOf(base: number): Record<PortName, number>;
export function isPortFree(port: number, host?: string): Promise<boolean>;
/** Which process listens on a port, as "PID (name)". */
export function portOwner(port: number): string | undefined;
export function claimPorts(options?: {
  readonly base?: number;
  readonly exact?: boolean;
  readonly names?: readonly PortName[];
}): Promise<PortClaim>;

/** Creates a database on that server unless it is there. */
export function createDatabase(url: string, database: string): Promise<void>;

/** A broker's view of its cluster (Metadata request over a fresh connection). */
export function probeKafka(
  host: string,
  port: number,
  timeoutMs?: number,
): Promise<{ controllerId: number; brokers: { id: number; host: string; port: number }[] }>;
export function probePostgres(host: string, port: number, timeoutMs?: number): Promise<void>;
export function probeHttp(url: string, timeoutMs?: number): Promise<string>;
export function untilReady<T>(options: {
  readonly name: string;
  readonly probe: () => Promise<T>;
  readonly timeoutMs: number;
  readonly logFile?: string;
  readonly remedy?: string;
  readonly process?: { exited: () => boolean };
  readonly signal?: AbortSignal;
}): Promise<T>;

export function processRef(pid: number): ProcessRef | undefined;
/** False for another process under the same id, and for a zombie. */
export function isAlive(ref: ProcessRef | undefined): boolean;
export function signalProcess(ref: ProcessRef, signal: NodeJS.Signals): boolean;
/** The signal (default SIGTERM), then SIGKILL after `timeoutMs` (default 10,000). */
export function endProcess(
  ref: ProcessRef | undefined,
  options?: { readonly signal?: NodeJS.Signals; readonly timeoutMs?: number },
): Promise<'gone' | 'stopped' | 'killed'>;

export interface LoggedProcess {
  readonly pid: number;
  readonly ref: ProcessRef;
  readonly logFile: string;
  exited(): boolean;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A child in its own process group with its output appended to a file. */
export function spawnLogged(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly tether?: boolean;
}): Promise<LoggedProcess>;

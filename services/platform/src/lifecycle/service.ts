import { Pool } from 'pg';
import type { Logger } from 'pino';
import { Fault } from '@faultline/stream';
import { baseConfigSchema, type BaseConfig } from '../config/base-config.ts';
import { parseEnv, type Environment } from '../config/parse-env.ts';
import { serveHttp } from '../http/service-http.ts';
import { kafkaConnection } from '../kafka/connection.ts';
import { Metrics } from '../observability/metrics.ts';
import { serviceLogger } from '../observability/logger.ts';
import { registryCodecs } from '../registry/registry-codecs.ts';
import type { Codecs } from '../registry/codecs.ts';
import type { Component, Running, ServiceContext } from './component.ts';
import { Health } from './health.ts';

/** A service and what it consists of. */
export interface ServiceSpec {
  readonly name: string;
  readonly env: Environment;
  readonly components: readonly Component[];
}

/** A running service. */
export interface RunningService {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const START_RETRY_MS = 1_000;

/**
 * Starts the components in order; where one fails, those before it stop again. What is down at the start is
 * waited for, and readiness says so; what is wrong rejects. `onFatal` is told of errors that end the service.
 */
export async function startService(
  spec: ServiceSpec,
  onFatal: (error: unknown) => void,
): Promise<RunningService> {
  const config = parseEnv(baseConfigSchema, spec.env);
  const log = serviceLogger(spec.name, config.FAULTLINE_INSTANCE, config.FAULTLINE_LOG_LEVEL);
  const metrics = new Metrics({ process: true });
  const health = new Health({
    onChange: (component, up) => metrics.set('faultline_component_up', { component }, up ? 1 : 0),
  });
  const pool = new Pool({
    connectionString: config.DATABASE_URL,
    max: config.FAULTLINE_POOL_SIZE,
    connectionTimeoutMillis: 5_000,
    application_name: `faultline-${spec.name}`,
  });
  // a connection that breaks while nothing runs on it is told to its own listeners alone: without one, the process dies
  pool.on('connect', (client) => {
    client.on('error', (error) => log.warn({ err: error }, 'a connection to Postgres broke'));
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection to Postgres broke'));
  const http = await serveHttp({
    host: config.FAULTLINE_HTTP_HOST,
    port: config.FAULTLINE_HTTP_PORT,
    metrics,
    health,
    service: spec.name,
  });
  log.info({ url: http.url }, 'listening');
  const running: { readonly name: string; readonly component: Running }[] = [];
  const stop = async (): Promise<void> => {
    health.drain();
    for (const { name, component } of running.splice(0).reverse()) {
      await component
        .stop(config.FAULTLINE_DRAIN_MS)
        .catch((error: unknown) => log.error({ err: error, component: name }, 'did not stop in order'));
    }
    await pool.end().catch(() => undefined);
    await http.close();
  };
  try {
    health.down('start', 'starting', 'wait');
    const kafka = kafkaConnection(config.FAULTLINE_BROKERS, log);
    const codecs = await whenUp(
      'registry',
      async () => registryCodecs(config.FAULTLINE_REGISTRY_URL),
      health,
      log,
    );
    for (const component of spec.components) {
      const context = contextOf(
        { config, log, metrics, kafka, codecs, pool, health, spec, onFatal, mountHttp: http.mount },
        component,
      );
      const started = await whenUp(component.name, async () => component.start(context), health, log);
      running.push({ name: component.name, component: started });
    }
    health.up('start');
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: http.url, stop };
}

/** Runs a service as this process: until a signal, or until something that nobody expected. */
export async function runService(spec: ServiceSpec): Promise<void> {
  let service: RunningService | undefined;
  let ending = false;
  const end = (code: number): void => {
    if (ending) return;
    ending = true;
    const giveUp = setTimeout(() => process.exit(code === 0 ? 1 : code), 30_000);
    giveUp.unref();
    const stopped = service?.stop() ?? Promise.resolve();
    stopped.then(
      () => process.exit(code),
      () => process.exit(1),
    );
  };
  const fatal = (error: unknown): void => {
    const remedy = error instanceof Fault ? ` Remedy: ${error.remedy}` : '';
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${spec.name} stops: ${text}${remedy}\n`);
    end(1);
  };
  process.once('SIGTERM', () => end(0));
  process.once('SIGINT', () => end(0));
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', (error) => {
    if (isLostConnection(error)) process.stderr.write(`${spec.name}: ${String(error)}\n`);
    else fatal(error);
  });
  try {
    service = await startService(spec, fatal);
  } catch (error) {
    fatal(error);
  }
}

interface Parts {
  readonly config: BaseConfig;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly kafka: ServiceContext['kafka'];
  readonly codecs: Codecs;
  readonly pool: Pool;
  readonly health: Health;
  readonly spec: ServiceSpec;
  readonly onFatal: (error: unknown) => void;
  readonly mountHttp: ServiceContext['mountHttp'];
}

function contextOf({ spec, onFatal, log, ...parts }: Parts, component: Component): ServiceContext {
  return { ...parts, service: spec.name, log: log.child({ component: component.name }), fatal: onFatal };
}

/** Starts something, however long what it needs is down. */
async function whenUp<T>(name: string, start: () => Promise<T>, health: Health, log: Logger): Promise<T> {
  for (;;) {
    try {
      const value = await start();
      health.up(name);
      return value;
    } catch (error) {
      const waits =
        error instanceof Fault ? error.retryable : error instanceof Error && error.name.startsWith('KafkaJS');
      if (!waits || health.draining) throw error;
      health.down(
        name,
        error,
        error instanceof Fault ? error.remedy : 'bring the broker back; the service goes on by itself',
      );
      log.warn({ err: error, component: name }, 'waiting to start');
      await new Promise((resolve) => setTimeout(resolve, START_RETRY_MS));
    }
  }
}

/**
 * kafkajs leaves requests of a connection that breaks while it is being closed to nobody. Whoever of ours waits
 * for an answer is told by the call itself, so this alone is no reason to end the service.
 */
function isLostConnection(error: unknown): boolean {
  return error instanceof Error && /^KafkaJS(Connection|RequestTimeout|ConnectionClosed)/.test(error.name);
}

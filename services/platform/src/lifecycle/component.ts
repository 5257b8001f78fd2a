import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { BaseConfig } from '../config/base-config.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import type { Codecs } from '../registry/codecs.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Health } from './health.ts';

/** Answers a request that is not one of the platform's own paths. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** What every component of a service is given. */
export interface ServiceContext {
  /** Name of the service, such as `escalator`. */
  readonly service: string;
  readonly config: BaseConfig;
  /** Scoped to the component. */
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly kafka: KafkaConnection;
  readonly codecs: Codecs;
  readonly pool: Pool;
  readonly health: Health;
  /** Serves what /metrics, /livez and /readyz leave, on the same port. One component at most. */
  readonly mountHttp: (handler: RequestHandler) => void;
  /** Stops the whole service with exit code 1: for errors that nobody expected. */
  readonly fatal: (error: unknown) => void;
}

/** A component that runs. */
export interface Running {
  /** Finishes what it began and lets go, before `deadlineMs` have passed. */
  readonly stop: (deadlineMs: number) => Promise<void>;
}

/** A part of a service that starts to something that can be stopped; parts stop in reverse order. */
export interface Component {
  readonly name: string;
  readonly start: (context: ServiceContext) => Promise<Running>;
}

import type { Component, Environment } from '@faultline/platform';
import { onePort } from './one-port.ts';

/** Paths of the gateway on the shared port: plain JSON, JUnit, OTLP and webhooks, and Sentry envelopes. */
const ofGateway = /^\/(?:v1\/|api\/[^/]+\/envelope\/?$)/;

/** Connections to Postgres where the environment does not say: 8 for each of five services, less what they idle. */
const POOL_SIZE = 32;

/**
 * Every service in this one process, on Kafka and Postgres: the same components as the services have each in
 * their own, until a signal.
 */
export async function runAll(env: Environment): Promise<void> {
  const { parseEnv, runService } = await import('@faultline/platform');
  const { gatewayComponent, gatewayConfigSchema } = await import('@faultline/gateway');
  const { classifierComponents } = await import('@faultline/classifier/components');
  const { retrierComponents } = await import('@faultline/retrier/components');
  const { fixerComponents } = await import('@faultline/fixer/components');
  const { escalatorComponents } = await import('@faultline/escalator/components');
  const { analyticsComponents } = await import('@faultline/analytics/components');
  const line: readonly Component[] = [
    ...classifierComponents(env),
    ...retrierComponents(env),
    ...fixerComponents(env),
    ...escalatorComponents(env),
    ...analyticsComponents(env),
  ];
  const gateway = gatewayComponent(parseEnv(gatewayConfigSchema, env));
  const served = onePort([
    { component: gateway, owns: (path) => ofGateway.test(path) },
    ...line.map((component) => ({ component, owns: (path: string) => !ofGateway.test(path) })),
  ]);
  // every stage, inbox and outbox of the line holds connections of its own
  const pool = { FAULTLINE_POOL_SIZE: String(POOL_SIZE) };
  await runService({ name: 'system', env: { ...pool, ...env }, components: served });
}

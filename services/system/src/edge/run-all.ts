import type { Component, Environment } from '@faultline/platform';
import { analyticsConfigSchema, feedbackInbox, ledgerComponent, sinkInbox } from '@faultline/analytics';
import { classifierConfig, createClassifierStage, depsOf } from '@faultline/classifier';
import { createEscalatorStage } from '@faultline/escalator';
import { createFixerStage } from '@faultline/fixer';
import { createExecutors, createRetrierStage, retrierConfigSchema } from '@faultline/retrier';
import { onePort } from './one-port.ts';

/** Paths of the gateway on the shared port: plain JSON, JUnit, OTLP and webhooks, and Sentry envelopes. */
const ofGateway = /^\/(?:v1\/|api\/[^/]+\/envelope\/?$)/;

/**
 * Every service in this one process, on Kafka and Postgres: the same components as the services have each in
 * their own, until a signal.
 */
export async function runAll(env: Environment): Promise<void> {
  const { inboxComponent, parseEnv, runService, stageComponent } = await import('@faultline/platform');
  const { gatewayComponent, gatewayConfigSchema } = await import('@faultline/gateway');
  const retrier = parseEnv(retrierConfigSchema, env);
  const analytics = parseEnv(analyticsConfigSchema, env);
  const line: readonly Component[] = [
    stageComponent({
      stage: createClassifierStage(depsOf(parseEnv(classifierConfig, env))),
      inputs: ['errors.raw'],
    }),
    stageComponent({
      stage: createRetrierStage({ attemptTimeoutMs: retrier.FAULTLINE_ATTEMPT_TIMEOUT_MS }),
      inputs: ['errors.classified', 'errors.delayed'],
      executors: (ports) => createExecutors(retrier, ports),
    }),
    stageComponent({ stage: createFixerStage({ enabled: true }), inputs: ['errors.fixable'] }),
    stageComponent({ stage: createEscalatorStage(), inputs: ['errors.unresolved'] }),
    inboxComponent(sinkInbox()),
    inboxComponent(feedbackInbox()),
    ledgerComponent(analytics),
  ];
  const gateway = gatewayComponent(parseEnv(gatewayConfigSchema, env));
  const served = onePort([{ component: gateway, owns: (path) => ofGateway.test(path) }]);
  await runService({ name: 'system', env, components: [...line, ...served] });
}

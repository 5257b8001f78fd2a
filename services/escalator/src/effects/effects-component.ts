import { run, runMigrations, Logger as JobLogger, type RunnerOptions } from 'graphile-worker';
import {
  enqueueOutbox,
  failPoints,
  onPostgres,
  type Component,
  type EnqueueOutbox,
  type FailPoints,
  type Running,
  type ServiceContext,
} from '@faultline/platform';
import type { Channels } from '../channels/channel.ts';
import { configuredChannels } from '../channels/configured-channels.ts';
import type { EscalatorConfig } from '../config.ts';
import { audit } from './audit.ts';
import { driveChannel } from './drive-channel.ts';
import { driveEffect } from './drive-effect.ts';
import { startAtZero, type EffectDriver } from './effect-driver.ts';
import { pollRun } from './poll-run.ts';
import { tickIncident } from './tick-incident.ts';

/** What the effects component can be given in place of the real thing. */
export interface EffectsDeps {
  readonly channels?: Channels;
  readonly now?: () => number;
  readonly random?: () => number;
  readonly enqueue?: EnqueueOutbox;
  readonly failPoints?: FailPoints;
}

/**
 * Drives the effects: timers of incidents and calls to outside systems, as jobs of a job library inside this
 * service, with an auditor that finds whatever is due and was not taken. Any number of instances may run.
 */
export const effectsComponent = (config: EscalatorConfig, deps: EffectsDeps = {}): Component => ({
  name: 'escalator-effects',
  start: async (context) => startEffects(config, deps, context),
});

async function startEffects(
  config: EscalatorConfig,
  deps: EffectsDeps,
  context: ServiceContext,
): Promise<Running> {
  const { now = Date.now, random = Math.random, enqueue = enqueueOutbox } = deps;
  const { pool, log, metrics } = context;
  const page = config.FAULTLINE_PUBLIC_URL?.replace(/\/+$/, '');
  const driver: EffectDriver = {
    pool,
    channels: deps.channels ?? configuredChannels(config, now),
    log,
    metrics,
    failPoints:
      deps.failPoints ??
      failPoints(context.config.FAULTLINE_FAIL_POINT, () => process.kill(process.pid, 'SIGKILL')),
    now,
    random,
    timeoutMs: config.FAULTLINE_EFFECT_TIMEOUT_MS,
    pageOf: (incidentId) => (page === undefined ? null : `${page}/incidents/${incidentId}`),
  };
  startAtZero(metrics);
  const options: RunnerOptions = {
    pgPool: pool,
    concurrency: config.FAULTLINE_EFFECT_CONCURRENCY,
    noHandleSignals: true,
    pollInterval: 1_000,
    logger: new JobLogger(() => (level, message) => {
      if (level === 'error') log.warn({ jobs: message }, 'the job library reports an error');
      else log.trace({ jobs: message }, 'job');
    }),
  };
  const idOf = (payload: unknown): string => String((payload as { readonly id?: unknown } | null)?.id ?? '');
  const tick = async (id: string): Promise<void> => tickIncident(pool, { context, enqueue }, id, now());
  await onPostgres(async () => runMigrations(options));
  const runner = await onPostgres(async () =>
    run({
      ...options,
      taskList: {
        escalator_incident: async (payload) => tick(idOf(payload)),
        escalator_effect: async (payload) => {
          await driveEffect(driver, idOf(payload));
        },
        escalator_channel: async (payload) =>
          driveChannel(driver, String((payload as { readonly channel?: unknown } | null)?.channel ?? '')),
        escalator_run: async (payload) => pollRun(driver, idOf(payload)),
      },
    }),
  );
  let auditing: Promise<void> = Promise.resolve();
  let stopping = false;
  runner.promise.catch((error: unknown) => {
    if (!stopping) context.fatal(error);
  });
  const timer = setInterval(() => {
    auditing = auditing
      .then(async () => audit(driver, tick))
      .then(() => context.health.up('escalator-effects'))
      .catch((error: unknown) => {
        context.health.down(
          'escalator-effects',
          error,
          'bring Postgres back; the effects go on by themselves',
        );
      });
  }, config.FAULTLINE_AUDIT_MS);
  return {
    stop: async (deadlineMs) => {
      stopping = true;
      clearInterval(timer);
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, deadlineMs).unref();
      });
      await Promise.race([Promise.allSettled([runner.stop(), auditing]), late]);
    },
  };
}

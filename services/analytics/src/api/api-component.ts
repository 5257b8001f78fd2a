import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  Health,
  lineProducer,
  registryCodecs,
  type Component,
  type ServiceContext,
} from '@faultline/platform';
import type { AnalyticsConfig } from '../config.ts';
import { checkAll, integrationHealth, partOf, type Probe, type SystemHealth } from './dependency-health.ts';

const HEALTH_INTERVAL_MS = 5_000;
const page = fileURLToPath(new URL('../../dist/page/', import.meta.url));

/** The HTTP API and the page, on the port of /metrics. */
export function apiComponent(config: AnalyticsConfig): Component {
  return {
    name: 'api',
    start: async (context) => {
      // loaded here, so that whoever wants the library alone loads no HTTP server
      const { createApi } = await import('./create-api.ts');
      const { pool, log, kafka, mountHttp, config: base } = context;
      const dependencies = new Health();
      const probes = probesOf(context);
      const check = (): void => void checkAll(probes, dependencies);
      check();
      const timer = setInterval(check, HEALTH_INTERVAL_MS);
      const producer = lineProducer({
        kafka,
        codecs: async () => registryCodecs(base.FAULTLINE_REGISTRY_URL),
        clientId: `faultline-api-${base.FAULTLINE_INSTANCE}`,
        acknowledgeWithinMs: 10_000,
      });
      const app = await createApi({
        pool,
        now: Date.now,
        tokens: config.FAULTLINE_API_TOKENS,
        requestsPerMinute: config.FAULTLINE_API_RATE_PER_MINUTE,
        rates: {
          machineMinute: config.FAULTLINE_MACHINE_MINUTE_COST,
          personMinute: config.FAULTLINE_PERSON_MINUTE_COST,
          diagnosisMinutes: config.FAULTLINE_DIAGNOSIS_MINUTES,
        },
        health: async () => systemHealth(context, dependencies),
        send: async (event) => {
          await producer.send('errors.raw', [{ key: event.operation ?? event.id, record: event }]);
        },
        configuration: withoutSecrets(config, context),
        pageFolder: existsSync(page) ? page : undefined,
        onError: (error) => log.error({ err: error }, 'a request failed'),
      });
      if (!existsSync(page)) log.warn({ page }, 'the page is not built: npm run build');
      mountHttp(app.routing);
      return {
        stop: async () => {
          clearInterval(timer);
          await app.close();
          await producer.stop();
        },
      };
    },
  };
}

function probesOf({ pool, kafka, config, service }: ServiceContext): readonly Probe[] {
  const admin = kafka.client(`faultline-${service}-health`).admin();
  let connected: Promise<void> | undefined;
  return [
    {
      name: 'database',
      remedy: 'check that Postgres answers at DATABASE_URL',
      check: async () => void (await pool.query('select 1')),
    },
    {
      name: 'broker',
      remedy: 'check that a broker of FAULTLINE_BROKERS answers',
      check: async () => {
        connected ??= admin.connect();
        try {
          await connected;
          await admin.describeCluster();
        } catch (error) {
          connected = undefined;
          throw error;
        }
      },
    },
    {
      name: 'registry',
      remedy: 'check that the schema registry answers at FAULTLINE_REGISTRY_URL',
      check: async (signal) => {
        const response = await fetch(`${config.FAULTLINE_REGISTRY_URL}/subjects`, { signal });
        if (!response.ok) throw new Error(`it answered ${response.status}`);
        await response.body?.cancel();
      },
    },
  ];
}

async function systemHealth({ health, pool }: ServiceContext, dependencies: Health): Promise<SystemHealth> {
  const components = Object.entries(health.report()).map(([name, one]) => partOf(name, one));
  const of = dependencies.report();
  const [database, broker, registry] = ['database', 'broker', 'registry'].map((name) =>
    partOf(name, of[name]),
  );
  const integrations = await integrationHealth(pool).catch(() => []);
  if (database === undefined || broker === undefined || registry === undefined)
    throw new Error('no dependency');
  const all = [...components, database, broker, registry, ...integrations];
  return {
    v: 1,
    state: all.some(({ state }) => state === 'down') ? 'degraded' : 'up',
    at: Date.now(),
    components,
    database,
    broker,
    registry,
    integrations,
  };
}

/** What is configured; addresses without user and password, tokens as their roles. */
function withoutSecrets(
  config: AnalyticsConfig,
  { config: base }: ServiceContext,
): Readonly<Record<string, unknown>> {
  const { DATABASE_URL, ...rest } = base;
  const database = URL.canParse(DATABASE_URL) ? new URL(DATABASE_URL) : undefined;
  return {
    ...rest,
    ...config,
    DATABASE_URL:
      database === undefined ? 'set' : `${database.protocol}//${database.host}${database.pathname}`,
    FAULTLINE_API_TOKENS:
      config.FAULTLINE_API_TOKENS?.map(({ role }) => role) ?? 'none: callers on this machine are admin',
  };
}

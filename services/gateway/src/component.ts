import { randomUUID } from 'node:crypto';
import { lineProducer, registryCodecs, type Component } from '@faultline/platform';
import { createCleaning } from './cleaning.ts';
import type { GatewayConfig } from './config.ts';
import { createGateway } from './http/app.ts';
import { lineInKafka } from './line-in.kafka.ts';

/** The gateway as a part of a service; it serves on the port of /metrics. */
export const gatewayComponent = (config: GatewayConfig): Component => ({
  name: 'gateway',
  start: async ({ kafka, config: base, mountHttp, log }) => {
    const producer = lineProducer({
      kafka,
      codecs: async () => registryCodecs(base.FAULTLINE_REGISTRY_URL),
      clientId: `faultline-gateway-${base.FAULTLINE_INSTANCE}`,
      acknowledgeWithinMs: config.FAULTLINE_INGEST_ACK_MS,
    });
    const app = await createGateway({
      line: lineInKafka(producer),
      clean: createCleaning(),
      now: Date.now,
      newId: randomUUID,
      onError: (error) => log.error({ err: error }, 'a request failed'),
      options: {
        token: config.FAULTLINE_INGEST_TOKEN ?? null,
        githubSecret: config.FAULTLINE_GITHUB_WEBHOOK_SECRET ?? null,
        sentryKeys: config.FAULTLINE_SENTRY_KEYS,
        requestsPerMinute: config.FAULTLINE_INGEST_PER_MINUTE,
        bodyLimitBytes: config.FAULTLINE_INGEST_BODY_BYTES,
      },
    });
    mountHttp((request, response) => app.routing(request, response));
    return {
      stop: async () => {
        await app.close();
        await producer.stop();
      },
    };
  },
});

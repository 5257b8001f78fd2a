import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import {
  kafkaConnection,
  lineProducer,
  registryCodecs,
  serviceLogger,
  type LineProducer,
} from '@faultline/platform';
import { provisionLine } from '../../../test/support/line-processes.ts';
import { LineClient } from '../../../test/support/line-client.ts';
import { serviceEnvironment, testEnvironment } from '../../../test/support/test-environment.ts';
import { createCleaning } from './cleaning.ts';
import { createGateway } from './http/app.ts';
import { lineInKafka } from './line-in.kafka.ts';

const test = testEnvironment();
const opened: { readonly app: FastifyInstance; readonly producer: LineProducer }[] = [];
let client: LineClient;

async function gatewayTo(brokers: readonly string[]): Promise<FastifyInstance> {
  const producer = lineProducer({
    kafka: kafkaConnection(brokers, serviceLogger('gateway', '0', 'silent')),
    codecs: async () => registryCodecs(test.registryUrl),
    clientId: 'gateway-test',
    acknowledgeWithinMs: 5_000,
  });
  const app = await createGateway({
    line: lineInKafka(producer),
    clean: createCleaning(),
    now: Date.now,
    newId: randomUUID,
    options: {
      token: null,
      githubSecret: null,
      sentryKeys: [],
      requestsPerMinute: 1_000,
      bodyLimitBytes: 16 * 1_048_576,
    },
  });
  opened.push({ app, producer });
  return app;
}

async function provisioned(): Promise<void> {
  const { code, output } = await provisionLine(serviceEnvironment(test));
  if (code !== 0) throw new Error(output);
}

beforeAll(async () => {
  await provisioned();
  client = await LineClient.connect(test, ['errors.raw']);
});
afterAll(async () => {
  for (const { app, producer } of opened) {
    await app.close();
    await producer.stop();
  }
  await client.close();
});

describe('the gateway on a real broker', () => {
  it('answers with the place of a record that is there, with a 5 MB log cut and no secret', async () => {
    const app = await gatewayTo(test.brokers.split(','));
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const id = randomUUID();
    const noise = `step done\n${'y z '.repeat(25)}\n`.repeat(25_000);
    const log = {
      text: `${noise}npm error code ERESOLVE ${token}\n${noise}`,
    };
    expect(log.text.length).toBeGreaterThan(5_000_000);
    const payload = { id, message: `boom ${token}`, log };
    const answer = await app.inject({ method: 'POST', url: '/v1/errors', payload });
    expect(answer.statusCode).toBe(202);
    const { coordinate } = answer.json<{ coordinate: { partition: number; offset: number } }>();
    const record = await client.until('the record', () =>
      client
        .seen('errors.raw')
        .find(({ partition, offset }) => partition === coordinate.partition && offset === coordinate.offset),
    );
    const reader = client.codecs.reader('ErrorEvent');
    await reader.prepare([record.value]);
    const event = reader.decode(record.value);
    expect(event).toMatchObject({ id, log: { truncated: true } });
    expect(event.log?.text).toContain('npm error code ERESOLVE');
    expect(JSON.stringify(event)).not.toContain(token);
  });

  it('answers 503 within its time while the broker is away', async () => {
    const app = await gatewayTo(['127.0.0.1:1']);
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/errors',
      payload: { id: 'x', message: 'x' },
    });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ ids: ['x'] });
  });
});

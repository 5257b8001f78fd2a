import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LineClient } from '../../../test/support/line-client.ts';
import { provisionLine } from '../../../test/support/line-processes.ts';
import { serviceEnvironment, testEnvironment } from '../../../test/support/test-environment.ts';
import { ErrorHandlingSystem } from './index.ts';

const test = testEnvironment();
let client: LineClient;

async function provisioned(): Promise<void> {
  const { code, output } = await provisionLine(serviceEnvironment(test));
  if (code !== 0) throw new Error(output);
}

beforeAll(async () => {
  await provisioned();
  client = await LineClient.connect(test, ['errors.raw']);
});
afterAll(async () => client.close());

describe('the library with brokers', () => {
  it('hands errors to the cluster, without secrets, and says where they are', async () => {
    const { brokers, registryUrl } = test;
    const system = new ErrorHandlingSystem({ configFile: false, env: {}, brokers, registryUrl });
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const operation = randomUUID();
    const result = await system.handleError(new Error(`push failed ${token}`), { operation, rerun: () => 1 });
    expect(result).toMatchObject({ success: false, state: 'accepted', classification: null });
    expect(result.message).toContain('a function does not leave this process');
    const { partition, offset } = result.coordinate ?? { partition: -1, offset: -1 };
    const record = await client.until('the record', () =>
      client.seen('errors.raw').find((seen) => seen.partition === partition && seen.offset === offset),
    );
    const reader = client.codecs.reader('ErrorEvent');
    await reader.prepare([record.value]);
    const event = reader.decode(record.value);
    expect(event).toMatchObject({ id: result.id, operation, rerun: null });
    expect(JSON.stringify(event)).not.toContain(token);
    expect(system.getStatistics()).toMatchObject({ mode: 'cluster', errors: { received: 1, accepted: 1 } });
    await system.shutdown();
    await expect(system.handleError(new Error('late'))).rejects.toMatchObject({ code: 'STOPPED' });
  });
});

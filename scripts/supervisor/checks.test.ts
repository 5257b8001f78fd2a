import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { checkNode, checkRegistry, lineChecks } from './checks.mjs';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function registry(answers: Record<string, [number, unknown]>): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = answers[request.url ?? ''] ?? [404, { error_code: 40_401 }];
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['20.19.0', true],
  ['24.1.0', true],
  ['20.18.3', false],
  ['18.20.0', false],
])('Node %s: %s', (version, ok) => {
  const check = checkNode(version);
  expect(check.ok).toBe(ok);
  expect(check.remedy === null).toBe(ok);
});

test('a registry whose subjects are fully compatible is right', async () => {
  const url = await registry({
    '/subjects': [200, ['errors.raw-value', 'someone-elses']],
    '/config/errors.raw-value': [200, { compatibilityLevel: 'FULL_TRANSITIVE' }],
  });
  expect(await checkRegistry(url)).toMatchObject({
    ok: true,
    found: `${url}, 1 subject(s) of the line`,
    remedy: null,
  });
});

test('a subject of another mode is wrong, also when the mode is the global one', async () => {
  const url = await registry({
    '/subjects': [200, ['errors.raw-value', 'errors.outcomes-value']],
    '/config/errors.raw-value': [200, { compatibilityLevel: 'NONE' }],
    '/config': [200, { compatibilityLevel: 'BACKWARD' }],
  });
  const check = await checkRegistry(url);
  expect(check.ok).toBe(false);
  expect(check.found).toBe('errors.raw-value has mode NONE, errors.outcomes-value has mode BACKWARD');
  expect(check.remedy).toContain('FULL_TRANSITIVE');
});

test('a server without the Confluent API is told apart from one that is down', async () => {
  const native = await registry({ '/subjects': [404, 'not found'] });
  expect(await checkRegistry(native)).toMatchObject({
    ok: false,
    found: expect.stringContaining('not with the Confluent API'),
    remedy: expect.stringContaining('/apis/ccompat/v7'),
  });
  expect(await checkRegistry(await registry({ '/subjects': [200, '<html>'] }))).toMatchObject({
    found: expect.stringContaining('not with the Confluent API'),
  });
  expect(await checkRegistry('http://127.0.0.1:2')).toMatchObject({
    ok: false,
    found: expect.stringContaining('ECONNREFUSED'),
    remedy: expect.stringContaining('FAULTLINE_REGISTRY_URL'),
  });
});

test('a broker and a database that are not there, each with its remedy', async () => {
  const checks = await lineChecks({
    brokers: ['127.0.0.1:1'],
    registry: null,
    database: 'postgres://u:p@127.0.0.1:1/x',
  });
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['broker', false],
    ['database', false],
  ]);
  for (const { remedy } of checks) expect(remedy).not.toBeNull();
});

test('a DATABASE_URL that is no URL is said so', async () => {
  const [check] = await lineChecks({ brokers: [], registry: null, database: 'localhost 5432' });
  expect(check).toMatchObject({ ok: false, found: 'DATABASE_URL is not a URL' });
});

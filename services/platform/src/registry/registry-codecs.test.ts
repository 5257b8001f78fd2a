import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { registryClient, schemaLookup } from './registry-codecs.ts';

const SCHEMA = JSON.stringify({ type: 'record', name: 'Whole', fields: [{ name: 'only', type: 'int' }] });

let server: Server | undefined;

/** A registry over what `knows` says at each question; gives its address. */
async function registry(knows: (id: number) => boolean): Promise<string> {
  const started = createServer((request, response) => {
    const id = Number(request.url?.split('/').at(-1));
    const body = knows(id) ? { schema: SCHEMA } : { error_code: 40403, message: 'Schema not found' };
    response.writeHead(knows(id) ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

afterEach(async () => {
  await new Promise((resolve) => server?.close(resolve));
});

describe('a schema that the registry denies', () => {
  it('is unknown where the registry knows ours', async () => {
    const url = await registry((id) => id <= 2);
    await expect(schemaLookup(url, registryClient(url), [1, 2])(7)).resolves.toBeUndefined();
  });

  it('is waited for where the registry denies ours too, as one does that has just started', async () => {
    const url = await registry(() => false);
    await expect(schemaLookup(url, registryClient(url), [1, 2])(7)).rejects.toMatchObject({
      code: 'DEPENDENCY_DOWN',
      retryable: true,
    });
  });

  it('is waited for where the registry comes to know it meanwhile', async () => {
    let asked = 0;
    const url = await registry((id) => id <= 2 || (id === 7 && (asked += 1) > 2));
    await expect(schemaLookup(url, registryClient(url), [1, 2])(7)).rejects.toMatchObject({
      retryable: true,
    });
    await expect(schemaLookup(url, registryClient(url), [1, 2])(7)).resolves.toMatchObject({ name: 'Whole' });
  });
});

import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { blockSize, claimPorts, isPortFree, portOffsets, portOwner, portsOf } from './ports.mjs';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** First block from here on that is free as a whole, so that tests of one machine do not meet. */
const quietBase = 28_000;

function listen(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

test('no two names share a port, and all lie in the block', () => {
  const offsets = Object.values(portOffsets);
  expect(new Set(offsets).size).toBe(offsets.length);
  for (const offset of offsets) expect(offset).toBeLessThan(blockSize);
  expect(portsOf(19_000)).toMatchObject({ analytics: 19_000, registry: 19_010, broker1: 19_021 });
});

test('a claimed block is not given away again until it is released', async () => {
  const first = await claimPorts({ base: quietBase });
  const second = await claimPorts({ base: first.base });
  expect(second.base).toBeGreaterThanOrEqual(first.base + blockSize);
  first.release();
  second.release();
});

test('a block with one taken port is passed over', async () => {
  const probe = await claimPorts({ base: quietBase });
  const { base } = probe;
  probe.release();
  await listen(base + portOffsets.registry);
  const claim = await claimPorts({ base });
  expect(claim.base).toBeGreaterThan(base);
  claim.release();
});

test('an exact block with a taken port is refused with the port, its name, its owner and a remedy', async () => {
  const probe = await claimPorts({ base: quietBase });
  const { base } = probe;
  probe.release();
  const port = base + portOffsets.broker1;
  await listen(port);
  expect(await isPortFree(port)).toBe(false);
  const refusal = claimPorts({ base, exact: true });
  await expect(refusal).rejects.toThrow(`port ${port} (broker1) is taken`);
  await expect(refusal).rejects.toMatchObject({ remedy: expect.stringContaining('--port-base') });
  // The refused block is free for others again.
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  (await claimPorts({ base, exact: true })).release();
});

test.runIf(process.platform === 'linux')('who listens on a port is named', async () => {
  const claim = await claimPorts({ base: quietBase });
  expect(portOwner(claim.ports.guard)).toContain(String(process.pid));
  claim.release();
  expect(portOwner(claim.ports.registry)).toBeUndefined();
});

import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { probeKafka, probePostgres, untilReady } from './probe.mjs';

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** A server that answers whatever comes first with these bytes, in pieces. */
async function answering(...pieces: Buffer[]): Promise<number> {
  const server = createServer((socket) => {
    socket.once('data', () => {
      pieces.forEach((piece, index) => setTimeout(() => socket.write(piece), index * 5));
    });
    socket.on('error', () => undefined);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const metadata = Buffer.concat([
  Buffer.from([0, 0, 0, 37]), // size of what follows
  Buffer.from([0, 0, 0, 1]), // correlation id
  Buffer.from([0, 0, 0, 1]), // one broker
  Buffer.from([0, 0, 0, 7]), // its id
  Buffer.from([0, 9]),
  Buffer.from('127.0.0.1'),
  Buffer.from([0, 0, 0x4a, 0x4d]), // 19021
  Buffer.from([0xff, 0xff]), // no rack
  Buffer.from([0, 0, 0, 7]), // controller
  Buffer.from([0, 0, 0, 0]), // no topics
]);

test('a broker tells its view of the cluster, also when the answer comes in pieces', async () => {
  const port = await answering(metadata.subarray(0, 3), metadata.subarray(3, 20), metadata.subarray(20));
  expect(await probeKafka('127.0.0.1', port)).toEqual({
    controllerId: 7,
    brokers: [{ id: 7, host: '127.0.0.1', port: 19_021 }],
  });
});

test('an open port that says nothing is no broker', async () => {
  await expect(probeKafka('127.0.0.1', await answering(), 100)).rejects.toThrow('within 100 ms');
});

test('Postgres accepts connections when it asks who is there', async () => {
  const port = await answering(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 10]));
  await expect(probePostgres('127.0.0.1', port)).resolves.toBeUndefined();
});

test('Postgres that starts up is not ready', async () => {
  const fields = 'SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0';
  const port = await answering(
    Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + fields.length]), Buffer.from(fields)]),
  );
  await expect(probePostgres('127.0.0.1', port)).rejects.toThrow('the database system is starting up');
});

test('another server is not Postgres', async () => {
  const port = await answering(Buffer.from('HTTP/1.1 400 Bad Request\r\n'));
  await expect(probePostgres('127.0.0.1', port)).rejects.toThrow('does not speak the Postgres protocol');
});

test('waiting ends at once when the process has ended, and names log and remedy', async () => {
  const waiting = untilReady({
    name: 'broker 1',
    probe: () => Promise.reject(new Error('refused')),
    timeoutMs: 60_000,
    process: { exited: () => true },
    logFile: '/somewhere/broker-1.log',
    remedy: 'look there',
  });
  await expect(waiting).rejects.toMatchObject({
    message: 'broker 1 ended before it was ready',
    logFile: '/somewhere/broker-1.log',
    remedy: 'look there',
  });
});

test('waiting has an end, and says what was missing', async () => {
  const waiting = untilReady({
    name: 'it',
    probe: () => Promise.reject(new Error('refused')),
    timeoutMs: 60,
  });
  await expect(waiting).rejects.toThrow('it was not ready within 0 s: refused');
});

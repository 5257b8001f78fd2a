import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rerun } from '@faultline/schemas';
import type { AttemptAsk } from '@faultline/stream';
import { httpRerun } from '../testing/records.ts';
import { tableCredentials } from './credentials.ts';
import { guardedHttp } from './http-call.ts';
import { createHttpExecutor } from './http.ts';
import { outboundGuard } from './outbound-guard.ts';

let server: Server;
let origin: string;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      respond(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const NOW = 1_750_000_000_000;
const executorWith = (allow: readonly string[]) =>
  createHttpExecutor({
    client: guardedHttp(outboundGuard(allow)),
    credentials: tableCredentials({
      'ci-bot': { headers: { Authorization: 'Bearer s3cret' }, hosts: ['127.0.0.1'] },
      other: { headers: { Authorization: 'Bearer other' }, hosts: ['ci.example.com'] },
    }),
    now: () => NOW,
  });
const executor = executorWith(['127.0.0.1']);

const ask = (rerun: Partial<Rerun> = {}, idempotent = true, deadlineMs = 5_000): AttemptAsk => ({
  kind: 'attempt',
  key: 'key-1',
  rerun: { ...httpRerun, target: `${origin}/jobs/7`, idempotent, ...rerun },
  idempotent,
  deadlineMs,
});

const never = new AbortController().signal;
const answerWith =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
  (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(status, headers).end(body);
  };

describe('what an answer means', () => {
  it.each([
    [200, {}, '', true, 'succeeded', null],
    [204, {}, '', false, 'succeeded', null],
    [202, { 'retry-after': '7' }, '', true, 'pending', 7_000],
    [202, {}, '', false, 'unknown', null],
    [301, { location: 'http://169.254.169.254/' }, '', true, 'refused', null],
    [400, {}, '', true, 'refused', null],
    [401, {}, '', true, 'refused', null],
    [404, {}, '', true, 'refused', null],
    [408, {}, '', true, 'failed', null],
    [409, {}, '', true, 'pending', null],
    [409, {}, '', false, 'failed', null],
    [429, { 'retry-after': '30' }, '', true, 'failed', 30_000],
    [429, {}, '{"error":{"code":"insufficient_quota"}}', true, 'refused', null],
    [500, {}, '', true, 'failed', null],
    [503, { 'retry-after': new Date(NOW + 60_000).toUTCString() }, '', true, 'failed', 60_000],
    [503, { 'retry-after': 'soon' }, '', true, 'failed', null],
    [529, { 'retry-after': '-5' }, '', true, 'failed', null],
  ] as const)(
    '%i %o %s, idempotent %s: %s',
    async (status, headers, body, idempotent, state, retryAfterMs) => {
      respond = answerWith(status, headers, body);
      const answer = await executor(ask({}, idempotent), never);
      expect(answer).toMatchObject({ state, status, retryAfterMs, startedAt: NOW, durationMs: 0 });
    },
  );

  it('a body without end is not read to its end', async () => {
    respond = (_request, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(4_096)), 1);
      response.on('close', () => clearInterval(more));
    };
    expect(await executor(ask(), never)).toMatchObject({ state: 'succeeded' });
  });
});

describe('what is sent', () => {
  it('is a POST with the key of the attempt and the headers of the event that may be sent', async () => {
    respond = answerWith(200);
    const headers = {
      'x-run': '1',
      Authorization: 'Bearer inline',
      Host: 'evil',
      'Idempotency-Key': 'mine',
      'x-bad': 'a\r\nb: c',
    };
    await executor(ask({ body: '{"job":7}', headers }), never);
    const request = seen.at(-1);
    expect(request).toMatchObject({ method: 'POST', url: '/jobs/7', body: '{"job":7}' });
    expect(request?.headers).toMatchObject({
      'idempotency-key': 'key-1',
      'x-run': '1',
      'content-type': 'application/json',
    });
    expect(request?.headers['authorization']).toBeUndefined();
    expect(request?.headers['x-bad']).toBeUndefined();
    expect(request?.headers.host).not.toBe('evil');
  });

  it('holds credentials by their name, for their hosts alone', async () => {
    respond = answerWith(200);
    expect(await executor(ask({ credentials: 'ci-bot' }), never)).toMatchObject({ state: 'succeeded' });
    expect(seen.at(-1)?.headers['authorization']).toBe('Bearer s3cret');
    const before = seen.length;
    for (const name of ['other', 'nobody', '__proto__', 'constructor']) {
      expect(await executor(ask({ credentials: name }), never)).toMatchObject({ state: 'refused' });
    }
    expect(seen.length).toBe(before);
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    ['file:///etc/passwd', null],
    ['not a url', null],
    ['http://user:pw@ci.example.com/', null],
    ['https://ci.example.com/', 'TRACE'],
  ])('%s %s', async (target, method) => {
    expect(await executor(ask({ target, method }), never)).toMatchObject({ state: 'refused' });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '0x7f.1', '2130706433', '[::ffff:127.0.0.1]', '0'])(
    'the loopback as %s, where it is not named',
    async (host) => {
      const { port } = new URL(origin);
      const before = seen.length;
      const answer = await executorWith([])(ask({ target: `http://${host}:${port}/` }), never);
      expect(answer).toMatchObject({ state: 'refused' });
      expect(answer.detail).toContain('FAULTLINE_OUTBOUND_ALLOW');
      expect(seen.length).toBe(before);
    },
  );

  it('a name that resolves to the loopback, though the loopback range alone is another', async () => {
    const { port } = new URL(origin);
    const target = `http://localhost:${port}/`;
    respond = answerWith(200);
    expect(await executorWith(['10.0.0.0/8'])(ask({ target }), never)).toMatchObject({ state: 'refused' });
    expect(await executorWith(['127.0.0.0/8', '::1'])(ask({ target }), never)).toMatchObject({
      state: 'succeeded',
    });
  });
});

describe('when no answer comes', () => {
  it.each([
    [true, 'failed'],
    [false, 'unknown'],
  ] as const)('in time, idempotent %s: %s', async (idempotent, state) => {
    respond = () => undefined;
    const answer = await executor(ask({}, idempotent, 100), never);
    expect(answer).toMatchObject({ state, status: null });
    expect(answer.detail).toContain('no answer within 100 ms');
  });

  it.each([
    [true, 'failed'],
    [false, 'unknown'],
  ] as const)('because the connection is cut, idempotent %s: %s', async (idempotent, state) => {
    respond = (request) => request.socket.destroy();
    expect(await executor(ask({}, idempotent), never)).toMatchObject({ state });
  });

  it('because nobody listens: nothing ran, whatever the operation', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const answer = await executor(ask({ target: `http://127.0.0.1:${port}/` }, false), never);
    expect(answer).toMatchObject({ state: 'failed', detail: 'ECONNREFUSED' });
  });

  it('because the service gives up', async () => {
    respond = () => undefined;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect(await executor(ask({}, false), controller.signal)).toMatchObject({ state: 'unknown' });
  });
});

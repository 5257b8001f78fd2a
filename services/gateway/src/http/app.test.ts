import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import type { ErrorEvent, Observation } from '@faultline/schemas';
import { LineUnavailableError, type LineIn } from '../domain/line-in.ts';
import { readPayload, RECEIVED_AT, reception } from '../testing/read-payload.ts';
import { createGateway } from './app.ts';
import type { GatewayOptions } from './gateway-options.ts';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map(async (app) => app.close()));
});

async function gateway(options: Partial<GatewayOptions> = {}, line: Partial<LineIn> = {}) {
  const events: ErrorEvent[] = [];
  const observations: Observation[] = [];
  const app = await createGateway({
    line: {
      sendErrors: async (sent) => {
        const first = events.length;
        events.push(...sent);
        return sent.map((_, index) => ({ topicId: 'raw', partition: 0, offset: first + index }));
      },
      sendObservations: async (sent) => {
        observations.push(...sent);
      },
      ...line,
    },
    clean: {
      event: (event) => ({ ...event, message: event.message.replace('hunter2', '[redacted]') }),
      observation: (one) => one,
    },
    now: () => RECEIVED_AT,
    newId: reception().newId,
    options: {
      token: null,
      githubSecret: null,
      sentryKeys: [],
      requestsPerMinute: 1_000,
      bodyLimitBytes: 1_000_000,
      ...options,
    },
  });
  apps.push(app);
  const post = async (url: string, payload: unknown, headers: Record<string, string> = {}) => {
    const body = Buffer.isBuffer(payload) || typeof payload === 'string' ? payload : JSON.stringify(payload);
    const response = await app.inject({
      method: 'POST',
      url,
      payload: body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    return { status: response.statusCode, headers: response.headers, body: response.json<unknown>() };
  };
  return { post, events, observations };
}

describe('POST /v1/errors', () => {
  it('answers 202 with the coordinate once the broker has the error, cleaned', async () => {
    const { post, events } = await gateway();
    const answer = await post('/v1/errors', { id: 'a', message: 'password hunter2' });
    expect(answer).toMatchObject({
      status: 202,
      body: { v: 1, accepted: 1, id: 'a', coordinate: { topicId: 'raw', partition: 0, offset: 0 } },
    });
    expect(events).toMatchObject([
      { id: 'a', time: RECEIVED_AT, source: 'http', message: 'password [redacted]' },
    ]);
  });

  it('takes a batch as a whole, in order', async () => {
    const { post } = await gateway();
    const answer = await post('/v1/errors', [{ id: 'a', message: 'x' }, { message: 'y' }]);
    expect(answer.body).toMatchObject({
      accepted: 2,
      records: [
        { id: 'a', coordinate: { offset: 0 } },
        { id: 'id-2', coordinate: { offset: 1 } },
      ],
    });
  });

  it('refuses a batch with one wrong field, naming it and the remedy, and sends nothing', async () => {
    const { post, events } = await gateway();
    const answer = await post('/v1/errors', [{ message: 'x' }, { message: 'y', exitCode: 'one' }]);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      error: { problems: [{ field: '[1].exitCode', problem: 'is the text "one"' }] },
    });
    expect(events).toEqual([]);
  });

  it.each([
    ['{"message": ', 'is no JSON'],
    ['[]', 'is an empty list'],
    ['[1,2]', '[0] is number 1'],
  ])('answers 400 to %s', async (payload, message) => {
    const { post } = await gateway();
    const answer = await post('/v1/errors', payload);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { message: expect.stringContaining(message) as string } });
  });

  it('answers 503 with Retry-After and the ids while the broker is away', async () => {
    const { post } = await gateway(
      {},
      { sendErrors: async () => Promise.reject(new LineUnavailableError(new Error('ECONNREFUSED'))) },
    );
    const answer = await post('/v1/errors', { message: 'x' });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' }, body: { ids: ['id-1'] } });
  });

  it('refuses more than the body limit, compressed or not', async () => {
    const { post } = await gateway({ bodyLimitBytes: 1_000 });
    const large = JSON.stringify({ message: 'x'.repeat(5_000) });
    expect((await post('/v1/errors', large)).status).toBe(413);
    expect((await post('/v1/errors', gzipSync(large), { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  it('reads gzip', async () => {
    const { post, events } = await gateway();
    const body = gzipSync(JSON.stringify({ message: 'x' }));
    expect((await post('/v1/errors', body, { 'content-encoding': 'gzip' })).status).toBe(202);
    expect(events).toHaveLength(1);
  });

  it('asks for the token where there is one', async () => {
    const { post } = await gateway({ token: 't0ken' });
    expect((await post('/v1/errors', { message: 'x' })).status).toBe(401);
    expect((await post('/v1/errors', { message: 'x' }, { authorization: 'Bearer no' })).status).toBe(401);
    expect((await post('/v1/errors', { message: 'x' }, { authorization: 'Bearer t0ken' })).status).toBe(202);
  });

  it('slows down who sends too much', async () => {
    const { post } = await gateway({ requestsPerMinute: 1 });
    await post('/v1/errors', { message: 'x' });
    const answer = await post('/v1/errors', { message: 'x' });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('the other ways in', () => {
  it('takes observations', async () => {
    const { post, observations } = await gateway();
    const run = { kind: 'run-finished', result: 'passed', repository: 'acme/shop' };
    expect(await post('/v1/observations', run)).toMatchObject({
      status: 202,
      body: { observations: ['id-1'] },
    });
    expect(observations).toMatchObject([{ ...run, at: RECEIVED_AT, source: 'http' }]);
  });

  it('takes a webhook of GitHub where its signature is right, and only there', async () => {
    const body = readPayload('github-workflow-job-failure.json');
    const signature = `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`;
    const headers = { 'x-github-event': 'workflow_job', 'x-hub-signature-256': signature };
    const { post, events, observations } = await gateway({ githubSecret: 'secret' });
    expect(await post('/v1/webhooks/github', body, headers)).toMatchObject({
      status: 202,
      body: { id: 'github-job-289782451', observations: ['github-job-289782451'] },
    });
    const forged = Buffer.concat([body, Buffer.from(' ')]);
    expect((await post('/v1/webhooks/github', forged, headers)).status).toBe(401);
    expect((await post('/v1/webhooks/github', body, { 'x-github-event': 'workflow_job' })).status).toBe(401);
    expect([events.length, observations.length]).toEqual([1, 1]);
  });

  it('turns every webhook of GitHub away while no secret is set', async () => {
    const { post } = await gateway();
    const answer = await post('/v1/webhooks/github', readPayload('github-workflow-job-failure.json'));
    expect(answer.status).toBe(403);
    expect(JSON.stringify(answer.body)).toContain('FAULTLINE_GITHUB_WEBHOOK_SECRET');
  });

  it('takes JUnit XML with what the query says of the run', async () => {
    const { post, events } = await gateway();
    const body = readPayload('junit-pytest.xml');
    const answer = await post('/v1/junit?repository=acme/shop&run=17&attempt=2', body, {
      'content-type': 'application/xml',
    });
    expect(answer).toMatchObject({ status: 202, body: { accepted: 3 } });
    expect(events[0]).toMatchObject({ repository: 'acme/shop', run: '17', attempt: 2 });
    expect((await post('/v1/junit?attempt=first', body)).status).toBe(400);
  });

  it('takes a Sentry envelope with a known key', async () => {
    const body = readPayload('sentry-event.envelope');
    const { post } = await gateway({ sentryKeys: ['publickey'] });
    expect(await post('/api/42/envelope/?sentry_key=publickey', body)).toMatchObject({
      status: 200,
      body: { id: 'd033061a61ca416e8bcedae74222754c' },
    });
    expect((await post('/api/42/envelope/?sentry_key=other', body)).status).toBe(401);
  });

  it('takes OTLP logs', async () => {
    const { post, events } = await gateway();
    expect(await post('/v1/logs', readPayload('otlp-logs.json'))).toMatchObject({
      status: 200,
      body: { partialSuccess: {} },
    });
    expect(events).toHaveLength(1);
  });

  it('names the ways in where there is none', async () => {
    const { post } = await gateway();
    const answer = await post('/errors', {});
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).toContain('/v1/errors');
  });
});

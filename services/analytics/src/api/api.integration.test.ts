import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ErrorEvent, Outcome } from '@faultline/schemas';
import type { FastifyInstance } from 'fastify';
import { generatedLine, rangeOutcome } from '../testing/generated-line.ts';
import { apiUnderTest } from '../testing/api-under-test.ts';
import { inTransaction, testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { SinkState, writeBatch } from '../sink/write-batch.ts';
import { writeObservations } from '../sink/feedback-inbox.ts';
import { settleRanges } from '../ledger/settle.ts';

/** What came as JSON: each test says what it must hold. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

const serverUrl = process.env['FAULTLINE_TEST_DATABASE_URL'];
const NOW = Date.UTC(2026, 2, 10, 12);
const HOUR = 3_600_000;
const topicId = 'aaaaaaaaaaaaaaaaaaaaaA';
const histories = [
  ...generatedLine({
    seed: 'api',
    records: 300,
    from: NOW - 20 * HOUR,
    to: NOW - 60_000,
    groups: 30,
    open: 0.1,
  }),
];
const flat = histories.flat();

async function fill(database: TestDatabase): Promise<void> {
  await inTransaction(database.pool, async (client) => {
    const counts = [0, 1, 2, 3].map(
      (partition) => histories.filter(([first]) => first?.coordinate?.partition === partition).length,
    );
    const ranges = counts.map((count, partition) => rangeOutcome(NOW, topicId, partition, 0, count));
    await writeBatch(client, { shard: 0, outcomes: [...ranges, ...flat], consumedAt: NOW }, new SinkState());
    await settleRanges(client, NOW);
  });
}

describe.skipIf(serverUrl === undefined)('the API, over a real Postgres', () => {
  let database: TestDatabase;
  let app: FastifyInstance;
  const sent: ErrorEvent[] = [];
  beforeAll(async () => {
    database = await testDatabase(serverUrl ?? '', 'api');
    await fill(database);
    app = await apiUnderTest(database, () => NOW, {
      send: async (event) => {
        sent.push(event);
        return Promise.resolve();
      },
    });
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const get = async (
    url: string,
  ): Promise<{ status: number; body: Json; headers: Record<string, unknown>; text: string }> => {
    const response = await app.inject({ method: 'GET', url });
    const json = String(response.headers['content-type']).includes('application/json');
    return {
      status: response.statusCode,
      body: json ? response.json() : undefined,
      headers: response.headers,
      text: response.body,
    };
  };
  const post = async (url: string, payload: object = {}): Promise<{ status: number; body: Json }> => {
    const response = await app.inject({ method: 'POST', url, payload });
    return { status: response.statusCode, body: response.json() };
  };

  test('the line has exactly the fields that are promised, and they add up', async () => {
    const { body } = await get('/api/v1/line');
    expect(Object.keys(body)).toEqual([
      'in',
      'resolved',
      'suppressed',
      'deadLettered',
      'escalated',
      'inFlight',
      'overdue',
      'unaccounted',
    ]);
    expect(body).toMatchObject({ in: 300, unaccounted: 0, overdue: 0 });
    expect(body.resolved + body.suppressed + body.deadLettered + body.escalated + body.inFlight).toBe(300);
    const ledger = (await get('/api/v1/ledger')).body;
    expect(ledger.proven).toHaveLength(4);
    expect(ledger).toMatchObject({ unaccounted: 0, open: [], violations: [] });
  });

  test('a trace tells the story of an event by id and by coordinate', async () => {
    const history = histories.find((outcomes) => outcomes.at(-1)?.to === 'escalated') ?? [];
    const last = history.at(-1);
    const { body } = await get(`/api/v1/trace/${last?.eventId}`);
    expect(body).toMatchObject({
      id: last?.eventId,
      coordinate: `${topicId}/${last?.coordinate?.partition}/${last?.coordinate?.offset}`,
      state: 'escalated',
      event: { id: last?.eventId },
    });
    expect(body.steps.map(({ at, stage, decision, why }: Json) => ({ at, stage, decision, why }))).toEqual(
      history.map(({ at, stage, to, reason, why }) => ({ at, stage, decision: `${to}: ${reason}`, why })),
    );
    expect(body.steps[0]).toMatchObject({
      topic: 'errors.raw',
      versions: { rules: 'baseline@0123456789ab' },
    });
    expect((await get(`/api/v1/trace/${encodeURIComponent(body.coordinate)}`)).body).toEqual(body);
    expect(await get('/api/v1/trace/nobody')).toMatchObject({
      status: 404,
      body: { error: { code: 'NOT_FOUND' } },
    });
  });

  test('a list pages through every error once, and filters keep to what they say', async () => {
    const seen: string[] = [];
    let url = '/api/v1/errors?limit=70';
    for (let page = 0; page < 10; page += 1) {
      const { body } = await get(url);
      seen.push(...body.items.map(({ coordinate }: Json) => coordinate));
      if (body.next === null) break;
      url = `/api/v1/errors?limit=70&cursor=${body.next}`;
    }
    expect(new Set(seen).size).toBe(300);
    expect(seen).toHaveLength(300);
    const ended = histories.filter((outcomes) => outcomes.at(-1)?.to === 'resolved').length;
    expect((await get('/api/v1/errors?state=resolved&limit=200')).body.items).toHaveLength(ended);
    const { items } = (await get('/api/v1/errors?category=lint&limit=200')).body;
    expect(items.length).toBeGreaterThan(0);
    expect(items.every(({ category }: Json) => category === 'lint')).toBe(true);
  });

  test('groups add up, search finds, and what people say of one is kept', async () => {
    const { body } = await get('/api/v1/groups?limit=200&order=count');
    expect(body.items.reduce((sum: number, { total }: Json) => sum + total, 0)).toBe(300);
    expect(body.total).toBe(body.items.length);
    const [first] = body.items;
    const found = (await get(`/api/v1/groups?q=${encodeURIComponent(first.title.slice(0, 20))}`)).body.items;
    expect(found.some(({ fingerprint }: Json) => fingerprint === first.fingerprint)).toBe(true);
    expect((await get('/api/v1/groups?q=%25')).body.items).toEqual([]);
    expect(first.hours.reduce((sum: number, n: number) => sum + n, 0)).toBe(first.total);
    expect(
      (await post(`/api/v1/groups/${first.fingerprint}`, { state: 'resolved', owner: 'ann' })).status,
    ).toBe(200);
    expect((await get(`/api/v1/groups/${first.fingerprint}`)).body).toMatchObject({
      state: 'resolved',
      owner: 'ann',
      total: first.total,
    });
    await database.pool.query(`update groups set state_at = 0 where fingerprint = $1`, [first.fingerprint]);
    expect((await get('/api/v1/groups?state=regressed')).body.items).toMatchObject([
      { fingerprint: first.fingerprint },
    ]);
  });

  test('the numbers are those of a recount', async () => {
    const { body } = await get(`/api/v1/statistics?from=${NOW - 24 * HOUR}&to=${NOW}`);
    const of = (to: string): number => histories.filter((outcomes) => outcomes.at(-1)?.to === to).length;
    expect(body).toMatchObject({
      total: 300,
      resolved: of('resolved'),
      escalated: of('escalated'),
      suppressed: of('suppressed'),
    });
    expect(body.errorRates.perHour).toBeCloseTo(300 / 24, 6);
    const runs = histories.reduce(
      (sum, outcomes) => sum + Math.max(0, ...outcomes.map(({ retry }) => retry?.attempts.length ?? 0)),
      0,
    );
    expect(body.retryAmplification).toBeCloseTo(1 + runs / 300, 9);
    const waits = histories
      .filter((outcomes) => outcomes.at(-1)?.to === 'resolved')
      .map((outcomes) => (outcomes.at(-1)?.at ?? 0) - (outcomes[0]?.receivedAt ?? 0))
      .toSorted((a, b) => a - b);
    const median = waits[Math.ceil(waits.length / 2) - 1] ?? 0;
    expect(body.responseTimes.toResolutionMs.count).toBe(waits.length);
    expect(Math.abs(Math.log2(body.responseTimes.toResolutionMs.p50 / median))).toBeLessThan(0.25);
    expect(body.stages.map(({ stage }: Json) => stage)).toEqual([
      'classifier',
      'retrier',
      'fixer',
      'escalator',
    ]);
    const timeline = (await get(`/api/v1/timeline?from=${NOW - 24 * HOUR}&to=${NOW}&by=category`)).body;
    expect(
      timeline.series.flatMap(({ counts }: Json) => counts).reduce((sum: number, n: number) => sum + n, 0),
    ).toBe(300);
  });

  test.each([
    ['/api/v1/statistics?from=2026-03-10&to=2026-03-01', 'from'],
    ['/api/v1/statistics?from=1926-01-01&to=2026-01-01', 'from'],
    ['/api/v1/report?from=1970-01-01&to=2070-01-01', 'from'],
    ['/api/v1/errors?limit=100000', 'limit'],
    ['/api/v1/errors?cursor=1%3Bdrop', 'cursor'],
    ['/api/v1/errors?state=%27%20or%201=1', 'state'],
    ['/api/v1/groups?order=total%3B--', 'order'],
    ['/api/v1/timeline?from=2020-01-01&to=2026-01-01&grain=minute', 'grain'],
  ])('%s is refused, and the answer names %s', async (url, field) => {
    const { status, body } = await get(url);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'INPUT_INVALID', field });
    expect(body.error.remedy).not.toBe('');
  });

  test('SQL in a filter is a text like any other', async () => {
    const text = encodeURIComponent(`'; drop table records; --`);
    for (const name of ['category', 'repository', 'q', 'environment']) {
      expect((await get(`/api/v1/errors?${name}=${text}`)).body.items).toEqual([]);
    }
    expect((await get(`/api/v1/groups?q=${text}`)).body.items).toEqual([]);
    expect((await get(`/api/v1/trace/${text}`)).status).toBe(404);
    expect((await get('/api/v1/line')).body.in).toBe(300);
  });

  test('incidents and mailbox: listed, told, acted on once', async () => {
    await database.pool.query(
      `insert into incidents (id, group_key, episode, status, level, severity, priority, title, records, opened_at, last_record_at, deadline, sequence, detail)
       values ('inc-1', 'g', 0, 'open', 'human', 'high', 2, 'It broke', 3, $1, $1, $2, 1, '{}')`,
      [NOW - HOUR, NOW + HOUR],
    );
    await database.pool.query(
      `insert into mailbox (id, incident_id, channel, kind, at, subject, body, why) values ('m1', 'inc-1', 'slack', 'opened', $1, 'It broke', 'all of it', 'SLACK_WEBHOOK_URL is not set')`,
      [NOW],
    );
    expect((await get('/api/v1/incidents')).body).toMatchObject({
      total: 1,
      items: [{ id: 'inc-1', status: 'open', records: 3 }],
    });
    expect(await post('/api/v1/incidents/inc-1/acknowledge', { actor: 'ann' })).toMatchObject({
      status: 200,
      body: { from: 'open', to: 'acknowledged' },
    });
    expect(await post('/api/v1/incidents/inc-1/acknowledge')).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT' } },
    });
    expect((await get('/api/v1/incidents/inc-1')).body.transitions).toMatchObject([
      { to: 'acknowledged', actor: 'ann', at: NOW },
    ]);
    expect((await get('/api/v1/statistics')).body.responseTimes.toAcknowledgeMs).toEqual({
      count: 1,
      p50: HOUR,
      p90: HOUR,
      p99: HOUR,
    });
    expect(await post('/api/v1/incidents/nobody/resolve')).toMatchObject({ status: 404 });
    expect((await get('/api/v1/mailbox')).body).toMatchObject({
      unread: 1,
      items: [{ subject: 'It broke' }],
    });
    await post('/api/v1/mailbox/m1/read');
    expect((await get('/api/v1/mailbox')).body).toMatchObject({ unread: 0, total: 1 });
  });

  test('a dead letter is sent again once, as a record that says of which it is the redrive', async () => {
    const [first] = histories.find((outcomes) => outcomes.length > 1) ?? [];
    if (first?.coordinate == null) throw new Error('no outcome');
    const coordinate = { ...first.coordinate, offset: 9_000 };
    const dead: Outcome = { ...first, id: 'dead', coordinate, eventId: 'dead-1' };
    const end: Outcome = {
      ...dead,
      id: 'dead end',
      stage: 'fixer',
      to: 'dead-lettered',
      reason: 'unexpected-exception',
      hops: 9,
      event: null,
      classification: null,
      at: NOW,
    };
    const own = await testDatabase(serverUrl ?? '', 'redrive');
    await inTransaction(own.pool, (client) =>
      writeBatch(client, { shard: 0, outcomes: [dead, end], consumedAt: NOW }, new SinkState()),
    );
    const other = await apiUnderTest(own, () => NOW, { send: async (event) => void sent.push(event) });
    const url = '/api/v1/dead-letters/dead-1/redrive';
    const listed = (await other.inject('/api/v1/dead-letters')).json();
    expect(listed.items).toMatchObject([{ id: 'dead-1', reason: 'unexpected-exception' }]);
    expect((await other.inject({ method: 'POST', url })).json()).toMatchObject({
      redriveOf: `${topicId}/${coordinate.partition}/9000`,
    });
    expect((await other.inject({ method: 'POST', url })).statusCode).toBe(409);
    expect(sent).toMatchObject([{ id: first.event?.id, redriveOf: coordinate }]);
    await other.close();
    await own.drop();
  });

  test('flaky tests: a flip on one commit, and nothing without runs that passed', async () => {
    expect((await get('/api/v1/flaky')).body).toMatchObject({ abstains: true, items: [] });
    const run = (commit: number, result: string, attempt: number): Json => ({
      id: `${commit}/${attempt}`,
      at: NOW - HOUR,
      source: 't',
      kind: 'run-finished',
      result,
      repository: 'acme/shop',
      commit: `c${commit}`,
      job: 'test',
      task: 'checkout',
      attempt,
      ref: null,
      pipeline: null,
      run: null,
      runner: null,
      durationMs: null,
      logSample: null,
      operation: null,
      incident: null,
      eventId: null,
      actor: null,
      numbers: {},
      labels: {},
    });
    const runs = Array.from({ length: 10 }, (_, commit) =>
      commit < 2 ? [run(commit, 'failed', 1), run(commit, 'passed', 2)] : [run(commit, 'passed', 1)],
    ).flat();
    await inTransaction(database.pool, (client) => writeObservations(client, runs));
    expect((await get('/api/v1/flaky')).body).toMatchObject({
      abstains: false,
      items: [{ task: 'checkout', verdict: 'flaky', advice: 'quarantine', flips: 2, commits: 10 }],
    });
  });

  test('reports: JSON, Markdown, CSV, and HTML that asks nothing of anyone', async () => {
    const period = `from=${NOW - 24 * HOUR}&to=${NOW}`;
    const { body } = await get(`/api/v1/report?${period}`);
    expect(body.statistics.total).toBe(300);
    expect((await get(`/api/v1/report?${period}&format=md`)).text).toContain('| Errors | 300 |');
    const csv = (await get(`/api/v1/report?${period}&format=csv`)).text.trim().split('\r\n');
    expect(csv).toHaveLength(1 + body.byOutcome.at.length);
    const html = await get(`/api/v1/report?${period}&format=html`);
    expect(html.text).toContain('<svg');
    expect(html.text).not.toMatch(/(src|href)=|<script|url\(/);
    expect(html.headers['content-security-policy']).toContain(`default-src 'none'`);
  });

  test('export, import, export is identical; a second import changes nothing; a cut one leaves nothing', async () => {
    const exported = (await get('/api/v1/export.ndjson')).text;
    const other = await testDatabase(serverUrl ?? '', 'import');
    const target = await apiUnderTest(other, () => NOW);
    const send = async (payload: string): Promise<{ statusCode: number; body: Json }> => {
      const response = await target.inject({
        method: 'POST',
        url: '/api/v1/import',
        headers: { 'content-type': 'application/x-ndjson' },
        payload,
      });
      return { statusCode: response.statusCode, body: response.json() };
    };
    const lines = exported.trim().split('\n');
    for (const wrong of [
      lines.slice(0, -1),
      lines.slice(0, 40),
      [lines[0], ...lines.slice(2)],
      [lines[0]?.replace('"v":1', '"v":2'), ...lines.slice(1)],
    ]) {
      expect(await send(wrong.join('\n'))).toMatchObject({
        statusCode: 400,
        body: { error: { code: 'INPUT_INVALID' } },
      });
    }
    expect(await send(exported.slice(0, 9_000))).toMatchObject({ statusCode: 400 });
    expect((await other.pool.query('select count(*)::int as n from outcomes')).rows).toEqual([{ n: 0 }]);
    expect(await send(exported)).toMatchObject({
      statusCode: 200,
      body: { outcomes: flat.length + 4, duplicates: 0 },
    });
    await inTransaction(other.pool, (client) => settleRanges(client, NOW));
    expect((await target.inject('/api/v1/export.ndjson')).body).toBe(exported);
    expect((await target.inject('/api/v1/line')).json()).toEqual((await get('/api/v1/line')).body);
    expect(await send(exported)).toMatchObject({ statusCode: 200, body: { duplicates: flat.length } });
    expect((await target.inject('/api/v1/export.ndjson')).body).toBe(exported);
    const value = (await get('/api/v1/export')).body;
    expect(value.lines.map((line: unknown) => JSON.stringify(line)).join('\n')).toBe(exported.trim());
    const response = await target.inject({ method: 'POST', url: '/api/v1/import', payload: value });
    expect(response.json()).toMatchObject({ duplicates: flat.length });
    await target.close();
    await other.drop();
  });

  test('roles: a viewer reads, an operator acts, an admin exports; without a token nobody', async () => {
    const tokens = (['viewer', 'operator', 'admin'] as const).map((role) => ({
      role,
      token: `${role}-0123456789abcdef`,
    }));
    const guarded = await apiUnderTest(database, () => NOW, { tokens });
    const status = async (role: string | undefined, method: 'GET' | 'POST', url: string): Promise<number> => {
      const headers = role === undefined ? {} : { authorization: `Bearer ${role}-0123456789abcdef` };
      return (await guarded.inject({ method, url, headers })).statusCode;
    };
    expect(await status(undefined, 'GET', '/api/v1/line')).toBe(401);
    expect(await status('nobody', 'GET', '/api/v1/line')).toBe(401);
    expect(await status('viewer', 'GET', '/api/v1/line')).toBe(200);
    expect(await status('viewer', 'POST', '/api/v1/mailbox/m1/read')).toBe(403);
    expect(await status('operator', 'POST', '/api/v1/mailbox/m1/read')).toBe(200);
    expect(await status('operator', 'GET', '/api/v1/export')).toBe(403);
    expect(await status('admin', 'GET', '/api/v1/export')).toBe(200);
    expect(await status('viewer', 'GET', '/api/v1/configuration')).toBe(403);
    await guarded.close();
  });

  test('pages of other sites and names of other machines get nothing', async () => {
    const refused = await app.inject({
      method: 'POST',
      url: '/api/v1/mailbox/m1/read',
      headers: { origin: 'https://evil.example' },
    });
    expect(refused.statusCode).toBe(403);
    const rebound = await app.inject({
      method: 'GET',
      url: '/api/v1/line',
      headers: { host: 'evil.example' },
    });
    expect(rebound.statusCode).toBe(401);
    const remote = await app.inject({ method: 'GET', url: '/api/v1/line', remoteAddress: '10.0.0.9' });
    expect(remote.statusCode).toBe(401);
  });

  test('headers, compression, limits and the description of the API', async () => {
    const { headers } = await get('/health');
    expect(headers['content-security-policy']).toContain(`default-src 'none'`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    const packed = await app.inject({ url: '/api/v1/errors', headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    const limited = await apiUnderTest(database, () => NOW, { requestsPerMinute: 3 });
    const statuses = [];
    for (let call = 0; call < 4; call += 1) statuses.push((await limited.inject('/api/v1/line')).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await limited.inject('/api/v1/line')).json().error).toMatchObject({ code: 'RATE_LIMITED' });
    await limited.close();
    const description = (await get('/api/openapi.json')).body;
    expect(description.openapi).toBe('3.1.0');
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/line',
        '/api/v1/trace/{id}',
        '/api/v1/errors',
        '/api/v1/incidents/{id}/acknowledge',
        '/health',
      ]),
    );
    expect(description.paths['/api/v1/errors'].get.parameters.map(({ name }: Json) => name)).toContain(
      'repository',
    );
    expect((await get('/api/v1/nothing')).body.error.code).toBe('NOT_FOUND');
  });

  test('live: an event with the line each second', async () => {
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const ending = new AbortController();
    const response = await fetch(`${address}/api/v1/live`, { signal: ending.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.getReader();
    const text = new TextDecoder().decode((await reader?.read())?.value);
    expect(text).toMatch(/^event: line\ndata: \{"at":/);
    expect(JSON.parse(text.split('data: ')[1] ?? '').line.in).toBe(300);
    ending.abort();
  });
});

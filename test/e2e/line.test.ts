import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorEvent, registeredSchemas, type Rerun } from '@faultline/schemas';
import { LineClient } from '../support/line-client.ts';
import { provisionLine, startLine, stopLine, type ServiceProcess } from '../support/line-processes.ts';
import { runPython } from '../support/python-client.ts';
import { serviceEnvironment, testEnvironment } from '../support/test-environment.ts';

const test = testEnvironment();
const env = serviceEnvironment(test);
const produceScript = new URL('../support/produce.py', import.meta.url).pathname;
const run = `${process.pid}-${Math.floor(performance.now())}`;
const id = (name: string): string => `line-${name}-${run}`;
const event = (name: string, message: string) => ({
  id: id(name),
  time: Date.now(),
  source: 'test',
  message,
});

let services: readonly ServiceProcess[] = [];
let client: LineClient;
let target: Server;
let calls: { readonly key: string; readonly path: string }[] = [];

beforeAll(async () => {
  const provisioned = await provisionLine(env);
  expect(provisioned.code, provisioned.output).toBe(0);
  client = await LineClient.connect(test, ['errors.escalated', 'errors.outcomes', 'errors.dead-letter']);
  services = await startLine(env);
  target = createServer((request, response) => {
    calls.push({ key: String(request.headers['idempotency-key']), path: request.url ?? '' });
    const before = calls.filter(({ path }) => path === request.url).length;
    response.writeHead(request.url?.startsWith('/second') === true && before < 2 ? 503 : 200).end('{}');
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  const codes = await stopLine(services);
  await client.close();
  await new Promise((resolve) => target.close(resolve));
  expect(codes.map((code) => code)).toEqual(services.map(() => 0));
});

const rerun = (path: string, idempotent = true): Rerun => ({
  kind: 'http',
  target: `http://127.0.0.1:${(target.address() as AddressInfo).port}${path}`,
  method: 'POST',
  headers: {},
  body: null,
  key: null,
  idempotent,
  sideEffects: [],
  credentials: null,
  timeoutMs: 5_000,
});

describe('an error on its way through the line', () => {
  it('comes out escalated, with its whole context and every transition told', async () => {
    await client.send({
      ...event('whole', "src/app.ts(3,7): error TS2322: Type 'string' is not assignable to type 'number'."),
      exitCode: 2,
      repository: 'acme/shop',
      environment: 'ci',
    });
    await client.ended(id('whole'));
    const [record, ...more] = await client.until('the record', async () => {
      const found = await client.escalated(id('whole'));
      return found.length > 0 ? found : undefined;
    });
    expect(more).toEqual([]);
    expect(record?.event.repository).toBe('acme/shop');
    expect(record?.classification?.category).toBe('code.compile');
    expect(record?.classification?.fingerprint.id).toMatch(/\S/);
    expect(record?.retry?.decision).toBe('not-retryable');
    expect(record?.fix).not.toBeNull();
    expect(record?.escalation?.level).toMatch(/^(codegen|human)$/);

    const outcomes = await client.outcomes(id('whole'));
    expect(outcomes.map(({ stage, from, to }) => [stage, from, to])).toEqual([
      ['classifier', 'raw', 'classified'],
      ['retrier', 'classified', 'fixable'],
      ['fixer', 'fixable', 'unresolved'],
      ['escalator', 'unresolved', 'escalated'],
    ]);
    expect(new Set(outcomes.map((outcome) => outcome.id)).size).toBe(4);
    expect(outcomes[0]?.event?.repository).toBe('acme/shop');
    expect(outcomes.slice(1).map((outcome) => outcome.event)).toEqual([null, null, null]);
    for (const outcome of outcomes) expect(Object.keys(outcome.versions)).not.toEqual([]);
  });

  it('ends resolved where running the operation again succeeds, once for each attempt', async () => {
    await client.send({ ...event('resolved', 'npm ERR! code ECONNRESET'), rerun: rerun('/second/resolved') });
    const end = await client.ended(id('resolved'));
    expect([end.to, end.reason]).toEqual(['resolved', 'retry-succeeded']);
    const attempts = calls.filter(({ path }) => path === '/second/resolved');
    expect(attempts).toHaveLength(2);
    expect(new Set(attempts.map(({ key }) => key)).size).toBe(2);
    expect(end.retry?.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'succeeded']);
    expect(await client.escalated(id('resolved'))).toEqual([]);
  });

  it('is never run again where it deploys, unless it says that twice is once', async () => {
    const deploy = { ...rerun('/deploy', false), sideEffects: ['deploy'] };
    await client.send({ ...event('deploy', 'npm ERR! code ECONNRESET'), rerun: deploy });
    const end = await client.ended(id('deploy'));
    expect(end.to).toBe('escalated');
    expect(calls.filter(({ path }) => path === '/deploy')).toEqual([]);
    const retry = (await client.outcomes(id('deploy'))).find(({ stage }) => stage === 'retrier');
    expect(retry?.reason).toBe('side-effects');
  });
});

describe('a client that is not ours', () => {
  it.each([
    ['the whole schema with its defaults', registeredSchemas.ErrorEvent],
    [
      'a schema of the four required fields alone',
      {
        type: 'record',
        name: 'ErrorEvent',
        namespace: 'faultline.v1',
        fields: registeredSchemas.ErrorEvent.fields.filter(({ name }) =>
          ['id', 'time', 'source', 'message'].includes(name),
        ),
      },
    ],
  ])('writes with %s', async (what, schema) => {
    const name = `python-${schema.fields.length}`;
    const given = event(name, 'bash: terraform: command not found');
    const whole = schema.fields.length > 4 ? errorEvent(given) : given;
    const input = JSON.stringify({
      brokers: test.brokers,
      registry: test.registryUrl,
      schema,
      record: whole,
      key: 'python',
    });
    await runPython(produceScript, [], input);
    const end = await client.ended(id(name));
    expect(end.to, what).toBe('escalated');
    const [record] = await client.until('the record', async () => {
      const found = await client.escalated(id(name));
      return found.length > 0 ? found : undefined;
    });
    expect(record?.event).toEqual({ ...errorEvent(given), message: record?.event.message });
    expect(record?.classification?.category).toBe('env.toolchain');
  });
});

describe('bad input', () => {
  const good = (): Buffer => client.codecs.encode('errors.raw', errorEvent(event('unused', 'x')));
  const unknownId = (): Buffer => {
    const bytes = good();
    bytes.writeInt32BE(987_654, 1);
    return bytes;
  };

  const undecodable: readonly (readonly [string, string, () => Buffer | null])[] = [
    ['no value', 'empty', () => null],
    ['bytes that are no record', 'bad-magic', () => Buffer.from('{"message": "json"}')],
    ['a record that ends too soon', 'truncated', () => good().subarray(0, 20)],
    ['bytes behind the record', 'trailing-bytes', () => Buffer.concat([good(), Buffer.from([1, 2, 3])])],
    ['an unknown schema id', 'unknown-schema', unknownId],
  ];

  it.each(undecodable)(
    '%s becomes a dead letter, byte for byte, and the line goes on',
    async (_what, reason, make) => {
      const bytes = make();
      const at = await client.sendBytes(bytes, { key: 'bad', partition: 1, headers: { mine: 'kept' } });
      await client.send(event(`after-${reason}`, 'No space left on device'), { partition: 1 });
      const letter = await client.deadLetter(at);
      expect(letter.value).toEqual(bytes);
      expect(letter.key).toBe('bad');
      expect(String(letter.headers['mine'])).toBe('kept');
      expect(String(letter.headers['__connect.errors.reason'])).toBe(reason);
      expect(String(letter.headers['__connect.errors.topic'])).toBe('errors.raw');
      expect((await client.ended(id(`after-${reason}`))).to).toBe('escalated');
    },
  );

  it('a schema without a required field becomes a dead letter that names it', async () => {
    const schema = {
      type: 'record',
      name: 'ErrorEvent',
      namespace: 'faultline.v1',
      fields: registeredSchemas.ErrorEvent.fields.filter(({ name }) =>
        ['id', 'time', 'source'].includes(name),
      ),
    };
    // the registry would refuse it under errors.raw-value, so it comes from another subject
    const response = await fetch(`${test.registryUrl}/subjects/stranger-${run}-value/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: JSON.stringify(schema) }),
    });
    const { id: schemaId } = (await response.json()) as { id: number };
    const { avroType } = await import('@faultline/schemas');
    const body = avroType(schema).toBuffer({ id: id('no-message'), time: 1, source: 'test' });
    const frame = Buffer.alloc(5);
    frame.writeInt32BE(schemaId, 1);
    const letter = await client.deadLetter(await client.sendBytes(Buffer.concat([frame, body])));
    expect(String(letter.headers['__connect.errors.reason'])).toBe('schema-mismatch');
    expect(String(letter.headers['__connect.errors.exception.message'])).toContain('message');
  });

  it('an empty required field becomes a dead letter that names it', async () => {
    const at = await client.send({ ...event('x', 'something broke'), id: '' });
    const letter = await client.deadLetter(at);
    expect(String(letter.headers['__connect.errors.reason'])).toBe('invalid-event');
    expect(String(letter.headers['__connect.errors.exception.message'])).toMatch(/\bid\b/);
  });

  it('a log of 5 MB goes through, cut to 64 KiB, with the cut recorded and the cause kept', async () => {
    const noise = Array.from(
      { length: 60_000 },
      (_, line) => `step ${line}: compiling module number ${line} of the whole`,
    );
    noise[30_000] = 'Error: ENOSPC: no space left on device, write';
    const text = `${noise.join('\n')}\n${'x'.repeat(2_000_000)}\nProcess completed with exit code 1.`;
    expect(text.length).toBeGreaterThan(5_000_000);
    await client.send({
      ...event('big', 'Process completed with exit code 1.'),
      log: { text, truncated: false, omittedLines: null, pointer: null },
    });
    await client.ended(id('big'), 60_000);
    const [record] = await client.until('the record', async () => {
      const found = await client.escalated(id('big'));
      return found.length > 0 ? found : undefined;
    });
    expect(Buffer.byteLength(record?.event.log?.text ?? '')).toBeLessThanOrEqual(65_536);
    expect(record?.event.log?.truncated).toBe(true);
    expect(record?.event.log?.text).toContain('no space left on device');
    expect(record?.classification?.category).toBe('disk.full');
  });

  it('invalid UTF-8 is read with replacement characters and classified all the same', async () => {
    const marker = 'No space left on device @@';
    const bytes = client.codecs.encode('errors.raw', errorEvent(event('utf8', marker)));
    const at = bytes.indexOf('@@');
    bytes[at] = 0xff;
    bytes[at + 1] = 0xfe;
    await client.sendBytes(bytes);
    expect((await client.ended(id('utf8'))).to).toBe('escalated');
    const [record] = await client.escalated(id('utf8'));
    expect(record?.event.message).toContain('\ufffd');
    expect(record?.classification?.category).toBe('disk.full');
  });

  it('a time in the future is taken back to when the broker took it, and the skew recorded', async () => {
    const ahead = 3_600_000;
    await client.send({ ...event('future', 'No space left on device'), time: Date.now() + ahead });
    await client.ended(id('future'));
    const [record] = await client.until('the record', async () => {
      const found = await client.escalated(id('future'));
      return found.length > 0 ? found : undefined;
    });
    expect(record?.event.time).toBe(record?.receivedAt);
    expect(record?.clockSkewMs).toBeGreaterThan(ahead - 60_000);
  });

  it('the same id from two producers ends once, and another payload counts as a conflict', async () => {
    const same = event('twice', 'No space left on device');
    for (const partition of [0, 1, 2]) await client.send(same, { partition });
    await client.send({ ...same, message: 'something else' }, { partition: 3 });
    const outcomes = await client.until('four ends', async () => {
      const all = await client.outcomes(same.id);
      const ends = all.filter(({ to }) => to === 'suppressed' || to === 'escalated');
      return ends.length === 4 ? ends : undefined;
    });
    const suppressed = outcomes.filter(({ to }) => to === 'suppressed');
    expect(outcomes.filter(({ to }) => to === 'escalated')).toHaveLength(1);
    expect(suppressed).toHaveLength(3);
    expect(suppressed.some(({ reason }) => reason === 'duplicate-conflict')).toBe(true);
  });
});

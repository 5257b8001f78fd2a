import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { registryCodecs } from '@faultline/platform';
import { provisionLine } from '../../../test/support/line-processes.ts';
import { serviceEnvironment, testEnvironment } from '../../../test/support/test-environment.ts';
import { runCli } from './testing/run-cli.ts';

const test = testEnvironment();
const env = serviceEnvironment(test);
const unique = `${process.pid}-${Math.floor(performance.now())}`;
const kafka = new kafkajs.Kafka({ brokers: test.brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
const producer = kafka.producer();

interface Seen {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: ErrorEvent;
}

/** The records with a key, as `faultline tail` shows them. */
async function seen(topic: string, key: string): Promise<readonly Seen[]> {
  const args = ['tail', topic, '--json', '--no-follow', '--from-beginning', '--key', key];
  const { stdout } = await runCli(args, { env });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Seen);
}

async function provisioned(): Promise<void> {
  const { code, output } = await provisionLine(env);
  if (code !== 0) throw new Error(output);
}

beforeAll(async () => {
  await provisioned();
  await producer.connect();
});
afterAll(async () => producer.disconnect());

describe('the command line against a real broker and registry', () => {
  it('sends an error and gives the place that tail then shows', async () => {
    const operation = `send-${unique}`;
    const run = await runCli(['send', 'npm error code ECONNRESET', '--operation', operation], { env });
    expect(run.code).toBe(0);
    const { coordinate } = run.json as { coordinate: { topicId: string; partition: number; offset: number } };
    expect(coordinate.topicId).toMatch(/^[\w-]{22}$/);
    expect(await seen('errors.raw', operation)).toMatchObject([
      {
        partition: coordinate.partition,
        offset: coordinate.offset,
        value: { id: run.json?.['id'], message: 'npm error code ECONNRESET', operation },
      },
    ]);
  });

  it('sends a list on one key in its order, each with its place', async () => {
    const operation = `list-${unique}`;
    const list = Array.from({ length: 50 }, (_, index) => ({ message: `m${index}`, operation }));
    const run = await runCli(['send', '--json'], { env, stdin: JSON.stringify(list) });
    const { records } = run.json as unknown as { records: { coordinate: { offset: number } }[] };
    const shown = await seen('errors.raw', operation);
    expect(shown.map(({ value }) => value.message)).toEqual(list.map(({ message }) => message));
    expect(shown.map(({ offset }) => offset)).toEqual(records.map(({ coordinate }) => coordinate.offset));
  });

  it('wraps a command that fails: the log goes into the line without its secrets', async () => {
    const operation = `wrap-${unique}`;
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const script = `echo building; echo "fatal: token ${token}" >&2; exit 5`;
    const run = await runCli(['wrap', '--operation', operation, '--', 'sh', '-c', script], { env });
    expect(run.code).toBe(5);
    const [event] = await seen('errors.raw', operation);
    expect(event?.value).toMatchObject({ exitCode: 5, message: 'fatal: token [redacted:github-token]' });
    expect(JSON.stringify(event)).not.toContain(token);
    const [observed] = await seen('errors.feedback', operation);
    expect(observed?.value).toMatchObject({
      kind: 'run-finished',
      result: 'failed',
      eventId: event?.value.id,
    });
  });

  it('redrives dead letters: a dry run moves nothing, and applying twice sends once', async () => {
    const codecs = await registryCodecs(test.registryUrl);
    const operation = `redrive-${unique}`;
    const event = errorEvent({ id: operation, time: 1, source: 'test', message: 'm', operation });
    const headers = {
      '__connect.errors.topic': 'errors.raw',
      '__connect.errors.partition': '0',
      '__connect.errors.offset': '0',
      '__connect.errors.reason': `made-up-${unique}`,
    };
    await producer.send({
      topic: 'errors.dead-letter',
      messages: [
        { key: operation, value: codecs.encode('errors.raw', event), headers },
        { key: operation, value: Buffer.from('garbage'), headers },
      ],
    });
    const only = ['redrive', '--reason', `made-up-${unique}`, '--json'];
    const counts = { sent: 1, stays: { undecodable: 1 } };
    expect((await runCli(only, { env })).json).toMatchObject({ applied: false, ...counts });
    expect((await runCli(only, { env })).json).toMatchObject({ applied: false, ...counts });
    expect((await runCli([...only, '--apply'], { env })).json).toMatchObject({ applied: true, ...counts });
    expect((await runCli([...only, '--apply'], { env })).json).toMatchObject({ applied: true, sent: 0 });
    expect((await seen('errors.raw', operation)).map(({ value }) => value.redriveOf)).toMatchObject([
      { partition: 0, offset: 0 },
    ]);
  });
});

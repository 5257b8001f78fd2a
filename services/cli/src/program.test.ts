import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from './testing/run-cli.ts';

const servers: { close: () => void }[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** An API that answers these paths, and 404 to all others. */
async function api(answers: Readonly<Record<string, object>>, status = 200): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: { message: 'not found' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return { FAULTLINE_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const away = {
  FAULTLINE_BROKERS: '127.0.0.1:1',
  FAULTLINE_REGISTRY_URL: 'http://127.0.0.1:1',
  FAULTLINE_API_URL: 'http://127.0.0.1:1',
};

describe('exit codes', () => {
  it.each([
    ['help is done', ['--help'], {}, 0],
    ['an unknown command', ['frobnicate'], {}, 2],
    ['an unknown option', ['send', '--frobnicate', 'x'], {}, 2],
    ['an unknown topic', ['tail', 'errors.nope'], {}, 2],
    ['a wrong number', ['tail', 'errors.raw', '--lines', 'ten'], {}, 2],
    ['JSON that is none', ['send', '--json', '{"message":'], {}, 2],
    ['a field that is none', ['send', '--json', '{"message":"x","exit_code":1}'], {}, 2],
    ['an attempt that is none', ['send', 'x', '--attempt', 'first'], {}, 2],
    ['a file that is not there', ['send', '--file', '/nowhere'], {}, 2],
    ['a corpus that is not there', ['replay', '--corpus', '/nowhere'], {}, 2],
    ['nothing that says where the line is', ['send', 'x'], {}, 3],
    ['a broker that is away', ['send', 'x'], away, 3],
    ['a broker that is away, for tail', ['tail', 'errors.raw'], away, 3],
    ['an API that is away', ['trace', 'x'], away, 3],
  ])('%s', async (_name, args, env, code) => {
    expect((await runCli(args, { env })).code).toBe(code);
  });

  it('come with a remedy, and as JSON where JSON was asked for', async () => {
    const run = await runCli(['trace', 'x', '--json'], { env: away });
    expect(run.json).toMatchObject({ v: 1, error: { code: 'UNREACHABLE' } });
    expect(run.stderr).toContain('FAULTLINE_API_URL');
  });
});

describe('commands that ask the API', () => {
  const story = {
    id: 'event-1',
    coordinate: { topicId: 't', partition: 0, offset: 7 },
    state: 'escalated',
    steps: [
      {
        at: 1_750_000_000_000,
        stage: 'classifier',
        topic: 'errors.raw',
        partition: 0,
        offset: 7,
        decision: 'classified',
        why: 'network by rule',
        versions: {},
      },
    ],
  };

  it('trace prints the story, as JSON in one line or for people', async () => {
    const env = await api({ '/api/v1/trace/event-1': story });
    expect((await runCli(['trace', 'event-1', '--json'], { env })).json).toEqual({ v: 1, ...story });
    const plain = await runCli(['trace', 'event-1'], { env });
    expect(plain.stdout).toContain('event-1 is escalated');
    expect(plain.stdout).toContain('network by rule');
  });

  it('trace ends with 4 for an event that nobody knows', async () => {
    const env = await api({});
    expect(await runCli(['trace', 'nope', '--json'], { env })).toMatchObject({
      code: 4,
      json: { error: { code: 'NOT_FOUND' } },
    });
  });

  it('explain says what it cannot do, and what can be had instead', async () => {
    const env = await api({ '/api/v1/trace/event-1': story });
    const run = await runCli(['explain', 'event-1'], { env });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('faultline trace event-1');
  });

  it('ledger ends with 1 where the line does not add up', async () => {
    const env = await api({ '/api/v1/ledger': { in: 5, unaccounted: 1 } });
    expect(await runCli(['ledger', '--json'], { env })).toMatchObject({ code: 1, json: { unaccounted: 1 } });
  });

  it('report hands the period on, and refuses a time that is none', async () => {
    const path = '/api/v1/report?from=2026-01-01T00%3A00%3A00.000Z';
    const env = await api({ [path]: { total: 3 } });
    expect(await runCli(['report', '--json', '--from', '2026-01-01'], { env })).toMatchObject({
      code: 0,
      json: { v: 1, total: 3 },
    });
    expect((await runCli(['report', '--from', 'yesterday'], { env })).code).toBe(2);
  });

  it('an API that fails is unreachable, not wrong input', async () => {
    const env = await api({ '/api/v1/report': { error: 'broken' } }, 500);
    expect((await runCli(['report'], { env })).code).toBe(3);
  });
});

describe('commands that need no cluster', () => {
  const log = 'ok\nnpm error code ERESOLVE\nnpm error ERESOLVE unable to resolve dependency tree\n';

  it('classify says what the stage would decide, lines counted in the input', async () => {
    const run = await runCli(['classify', '-', '--json'], { stdin: log });
    expect(run.json).toMatchObject({
      v: 1,
      category: 'dep.conflict',
      retryClass: 'never-fixable',
      strategy: 'rule',
      lines: 3,
      binary: false,
    });
    const plain = await runCli(['classify', '-'], { stdin: log });
    expect(plain.stdout).toContain('dep.conflict (DEPENDENCY_ERROR)');
  });

  it('fingerprint gives the same identity to the same failure, and another to another', async () => {
    const of = async (stdin: string) =>
      (await runCli(['fingerprint', '-', '--json'], { stdin })).json?.['id'];
    expect(await of(log)).toBe(await of(log));
    expect(await of(log)).not.toBe(await of('error TS2322: Type A is not assignable to type B.\n'));
  });

  it('redact prints the text without its secrets, and what they were', async () => {
    const stdin = `token ghp_${'a1B2'.repeat(9)}\n`;
    expect(await runCli(['redact', '-'], { stdin })).toMatchObject({
      code: 0,
      stdout: 'token [redacted:github-token]\n',
    });
    expect((await runCli(['redact', '-', '--json'], { stdin })).json).toMatchObject({
      found: { 'github-token': 1 },
    });
  });

  it('rules test ends with 1 for a rule that hits passing runs, and with 2 for a file that is none', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'faultline-rules-'));
    const file = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    };
    try {
      const entry = (kind: string) => ({ id: kind, kind, tool: 'x', exitCode: 0, path: 'a.log' });
      file('index.ndjson', `${JSON.stringify(entry('failure'))}\n${JSON.stringify(entry('passing'))}\n`);
      file('a.log', 'all is well\n');
      const broad = file('broad.yaml', rule('well'));
      const narrow = file('narrow.yaml', rule('is not there'));
      const test = ['rules', 'test', '--corpus', folder, '--json'];
      expect(await runCli([...test, broad])).toMatchObject({ code: 1, json: { ok: false } });
      expect(await runCli([...test, narrow])).toMatchObject({ code: 0, json: { ok: true } });
      expect((await runCli([...test, file('none.yaml', '- id: [')])).code).toBe(2);
      expect((await runCli([...test, path.join(folder, 'nowhere.yaml')])).code).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** A rule of a user with one pattern. */
const rule = (pattern: string): string =>
  [
    '- id: mine',
    '  category: network',
    '  tool: npm',
    `  patterns: ['${pattern}']`,
    '  cause: it is so',
    '  remedy: mend it',
    '',
  ].join('\n');

describe('wrap', () => {
  it('passes output and exit code through, though the line is away', async () => {
    const run = await runCli(['wrap', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7'], { env: away });
    expect(run).toMatchObject({ code: 7, stdout: 'out\n' });
    expect(run.stderr).toMatch(/^err\n/);
    expect(run.stderr).toContain('the line was not told of this run');
  });

  it('leaves the options of the command alone', async () => {
    expect(await runCli(['wrap', '--', 'echo', '--json', '-n', '--help'], { env: away })).toMatchObject({
      code: 0,
      stdout: '--json -n --help\n',
    });
  });

  it('ends as a shell does for signals and for commands that are not there', async () => {
    expect((await runCli(['wrap', '--', 'sh', '-c', 'kill -9 $$'], { env: away })).code).toBe(137);
    const missing = await runCli(['wrap', '--', 'no-such-command-here'], { env: away });
    expect(missing.code).toBe(127);
    expect(missing.stderr).toContain('no-such-command-here: command not found');
  });

  it('asks for a command', async () => {
    expect((await runCli(['wrap'], { env: away })).code).toBe(2);
  });
});

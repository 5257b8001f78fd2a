import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { errorEvent } from '@faultline/schemas';
import { eventOfText, eventsOfJson } from '../domain/sent-event.ts';
import { LogKeeper } from '../domain/log-keeper.ts';
import { locateLine } from '../line/locate-line.ts';
import { ciEnvironment } from './ci-environment.ts';
import { headline } from './headline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'faultline-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const blank = errorEvent({ id: 'a', time: 1, source: 'cli', message: '' });

describe('a text as an event', () => {
  it('is the message where it is one line', () => {
    expect(eventOfText('  npm error code ECONNRESET\n', blank)).toMatchObject({
      message: 'npm error code ECONNRESET',
      log: null,
    });
  });

  it('is a log with its most telling line where it is more', () => {
    const log = '> build\nnpm error code ERESOLVE\nsee the manual\n';
    expect(eventOfText(log, blank)).toMatchObject({
      message: 'npm error code ERESOLVE',
      log: { text: log, truncated: false },
    });
  });

  it('has lost its secrets, and what is too long, and says so; the cause stays, wherever it stood', () => {
    const token = `ghp_${'a1B2'.repeat(9)}`;
    const noise = `step done\n${'y z '.repeat(25)}\n`.repeat(5_000);
    const event = eventOfText(`${noise}npm error code ERESOLVE ${token}\n${noise}`, blank);
    expect(event.log?.truncated).toBe(true);
    expect(event.log?.omittedLines).toBeGreaterThan(5_000);
    expect(event.log?.text).toContain('npm error code ERESOLVE');
    expect(JSON.stringify(event)).not.toContain(token);
  });

  it('must say something', () => {
    expect(() => eventOfText(' \n', blank)).toThrow('the text is empty');
  });
});

describe('JSON as events', () => {
  const filling = () => ({ id: 'made', now: 5, fields: { repository: 'acme/shop' } });

  it('is one or a list, filled from the run', () => {
    expect(eventsOfJson('{"message":"x"}', filling)).toMatchObject([
      { id: 'made', time: 5, source: 'cli', message: 'x', repository: 'acme/shop' },
    ]);
    expect(eventsOfJson('[{"message":"x"},{"id":"b","message":"y"}]', filling).map(({ id }) => id)).toEqual([
      'made',
      'b',
    ]);
  });

  it('names the event and the field that is wrong', () => {
    expect(() => eventsOfJson('[{"message":"x"},{"message":1}]', filling)).toThrow(
      'event 1: message is number 1; give a text',
    );
  });
});

describe('the headline of a log', () => {
  it.each([
    ['> ci\nerror TS2322: no\nFound 1 problem\n', 'error TS2322: no'],
    ['\u001b[31mFAILED tests/a.py\u001b[0m\n1 run\n', 'FAILED tests/a.py'],
    ['one\r\ntwo\r\n\r\n', 'two'],
    ['', ''],
  ])('of %j is %j', (log, line) => {
    expect(headline(log)).toBe(line);
  });
});

describe('the output of a command that never ends', () => {
  it('is kept at both ends, within its bound, by whatever pieces it comes', () => {
    const keeper = new LogKeeper(1_000);
    for (let line = 0; line < 10_000; line += 1) keeper.add(Buffer.from(`line ${line}\n`));
    const text = keeper.text();
    expect(text.startsWith('line 0\nline 1\n')).toBe(true);
    expect(text.endsWith('line 9998\nline 9999\n')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(1_100);
    const kept = text.match(/^line \d+$/gm)?.length ?? 0;
    expect(Math.abs(keeper.omittedLines + kept - 10_000)).toBeLessThanOrEqual(2); // the two lines that were cut
  });

  it('is whole where it fits', () => {
    const keeper = new LogKeeper(1_000);
    keeper.add(Buffer.from('é'));
    expect(keeper).toMatchObject({ truncated: false, omittedLines: 0 });
    expect(keeper.text()).toBe('é');
  });
});

describe('the facts of the run', () => {
  it.each([
    [
      { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'a/b', GITHUB_RUN_ATTEMPT: '2', GITHUB_JOB: 'test' },
      { source: 'github', environment: 'ci', repository: 'a/b', attempt: 2, task: 'test', commit: null },
    ],
    [
      { GITLAB_CI: 'true', CI_JOB_NAME: 'unit' },
      { source: 'gitlab', task: 'unit', attempt: null },
    ],
    [
      { BUILDKITE: 'true', BUILDKITE_RETRY_COUNT: '0' },
      { source: 'buildkite', attempt: 1 },
    ],
    [{}, { source: 'cli', environment: null }],
  ])('from %j', (env, facts) => {
    expect(ciEnvironment(env as Record<string, string>)).toMatchObject(facts);
  });
});

describe('where the line is', () => {
  const state = { brokers: ['127.0.0.1:9'], registry: 'http://registry', api: 'http://api/', database: 'pg' };

  it('is in the state file of the folder, or of one above it', () => {
    const inner = path.join(folder, 'repo', 'services', 'cli');
    mkdirSync(path.join(folder, 'repo', '.faultline'), { recursive: true });
    mkdirSync(inner, { recursive: true });
    writeFileSync(path.join(folder, 'repo', '.faultline', 'state.json'), JSON.stringify(state));
    expect(locateLine({ env: {}, cwd: inner })).toMatchObject({
      brokers: ['127.0.0.1:9'],
      registryUrl: 'http://registry',
      apiUrl: 'http://api',
      databaseUrl: 'pg',
    });
  });

  it('is what the environment says before the file, and the named folder before both ways up', () => {
    mkdirSync(path.join(folder, 'other'), { recursive: true });
    writeFileSync(
      path.join(folder, 'other', 'state.json'),
      JSON.stringify({ ...state, api: 'http://other' }),
    );
    const env = { FAULTLINE_BROKERS: 'a:1, b:2' };
    expect(locateLine({ env, cwd: folder }, 'other')).toMatchObject({
      brokers: ['a:1', 'b:2'],
      apiUrl: 'http://other',
    });
  });

  it('is nowhere where nobody says', () => {
    expect(locateLine({ env: {}, cwd: '/' })).toMatchObject({ brokers: undefined, apiUrl: undefined });
  });
});

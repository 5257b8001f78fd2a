import { describe, expect, it } from 'vitest';
import { errorEvent } from '@faultline/schemas';
import { readPayload, reception, RECEIVED_AT } from '../testing/read-payload.ts';
import type { Adapted } from '../domain/received.ts';
import { readGithubWorkflowJob, readJunitXml, readOtlpLogs, readSentryEnvelope } from './index.ts';

/** What a readable payload holds. */
function taken(adapted: Adapted): Extract<Adapted, { ok: true }> {
  if (!adapted.ok) throw new Error(JSON.stringify(adapted.problems));
  return adapted;
}
const problems = (adapted: Adapted) => (adapted.ok ? [] : adapted.problems);

describe('GitHub workflow_job', () => {
  it('makes an error and an observation of a failed job', () => {
    const body = readPayload('github-workflow-job-failure.json');
    const { events, observations } = taken(readGithubWorkflowJob('workflow_job', body, reception()));
    expect(events).toEqual([
      errorEvent({
        id: 'github-job-289782451',
        time: Date.parse('2021-08-05T10:38:16Z'),
        source: 'github',
        message: 'Job "linters" failed in step "Run yarn run format-check"',
        type: 'github.failure',
        environment: 'ci',
        repository: 'Codertocat/Hello-World',
        pipeline: 'CodeQL',
        commit: '3484a3fb816e0859fd6e1cea078d76385ff50625',
        ref: 'main',
        run: '2202229078',
        task: 'linters',
        attempt: 1,
        runner: 'GitHub Actions 5',
        log: {
          text: '',
          truncated: true,
          omittedLines: null,
          pointer: 'https://github.com/octo-org/octo-repo/runs/1291536064',
        },
        labels: { conclusion: 'failure', step: 'Run yarn run format-check' },
      }),
    ]);
    expect(observations).toMatchObject([
      { kind: 'run-finished', result: 'failed', job: 'linters', durationMs: 198_000, attempt: 1 },
    ]);
  });

  it('makes an observation alone of a job that passed', () => {
    const body = readPayload('github-workflow-job-success.json');
    const { events, observations } = taken(readGithubWorkflowJob('workflow_job', body, reception()));
    expect(events).toEqual([]);
    expect(observations).toMatchObject([{ kind: 'run-finished', result: 'passed' }]);
  });

  it('ignores other events and jobs that have not completed, and says so', () => {
    const ping = taken(readGithubWorkflowJob('ping', Buffer.from('{}'), reception()));
    expect(ping).toMatchObject({ events: [], ignored: 'the event is ping, not workflow_job' });
    const queued = Buffer.from('{"action":"queued","workflow_job":{"id":1}}');
    expect(taken(readGithubWorkflowJob('workflow_job', queued, reception())).ignored).toBe(
      'the job has not completed',
    );
  });
});

describe('JUnit XML', () => {
  const run = { repository: 'acme/shop', commit: 'abc', run: '17', task: 'test', attempt: 2 };
  const body = readPayload('junit-pytest.xml');

  it('makes an error of each failed and each broken case', () => {
    const { events, observations } = taken(readJunitXml(body, run, reception()));
    expect(events.map(({ task, message }) => [task, message])).toEqual([
      ['test_checkout › test_total_with_discount', 'assert 15 == 12\n +  where 15 = total([10, 5])'],
      [
        'test_checkout › test_saves_order',
        'failed on setup with "ConnectionError: could not connect to db.internal:5432 & no fallback <configured>"',
      ],
    ]);
    expect(events[0]).toMatchObject({
      source: 'junit',
      time: RECEIVED_AT,
      repository: 'acme/shop',
      commit: 'abc',
      run: '17',
      attempt: 2,
      labels: { suite: 'pytest' },
    });
    expect(events[0]?.stack).toContain('E       assert 15 == 12');
    expect(observations).toMatchObject([{ result: 'failed', numbers: { tests: 4, failed: 2, skipped: 1 } }]);
  });

  it('gives the same ids to the same report of the same run, and others to another attempt', () => {
    const ids = (attempt: number) =>
      taken(readJunitXml(body, { ...run, attempt }, reception())).events.map(({ id }) => id);
    expect(ids(2)).toEqual(ids(2));
    expect(ids(2)).not.toEqual(ids(3));
    expect(new Set(ids(2)).size).toBe(2);
  });

  it('refuses entities, broken XML and other documents', () => {
    const bomb = Buffer.from('<!DOCTYPE x [<!ENTITY a "aaaa">]><testsuites>&a;</testsuites>');
    expect(problems(readJunitXml(bomb, {}, reception()))[0]?.problem).toBe('declares a document type');
    expect(
      problems(readJunitXml(Buffer.from('<testsuites><a></testsuites>'), {}, reception()))[0]?.problem,
    ).toMatch(/^is no XML/);
    expect(problems(readJunitXml(Buffer.from('<html/>'), {}, reception()))[0]?.problem).toBe(
      'has neither <testsuites> nor <testsuite>',
    );
  });
});

describe('Sentry envelope', () => {
  it('makes an error of an event, the outermost exception first', () => {
    const { events } = taken(readSentryEnvelope(readPayload('sentry-event.envelope'), reception()));
    expect(events).toEqual([
      errorEvent({
        id: 'd033061a61ca416e8bcedae74222754c',
        time: 1_795_509_091_738,
        source: 'runner-1',
        message: 'charge failed',
        type: 'PaymentError',
        stack: [
          'PaymentError: charge failed',
          '    at chargeCard (/home/runner/shop/pay.mjs:7:44)',
          '    at ? (/home/runner/shop/pay.mjs:8:7)',
          "Caused by: TypeError: Cannot read properties of undefined (reading 'id')",
          '    at chargeCard (/home/runner/shop/pay.mjs:7:78)',
          '    at ? (/home/runner/shop/pay.mjs:8:7)',
        ].join('\n'),
        environment: 'ci',
        labels: { pipeline: 'checkout', release: 'shop@1.4.2' },
      }),
    ]);
  });

  it('reads items with a length, skips other items, and takes a message of level error', () => {
    const event = JSON.stringify({ event_id: 'a'.repeat(32), level: 'error', message: 'disk full' });
    const body = `{}\n{"type":"session"}\n{"sid":"1"}\n{"type":"attachment","length":9}\nline\nline\n{"type":"event","length":${event.length}}\n${event}\n\n`;
    expect(taken(readSentryEnvelope(Buffer.from(body), reception())).events).toMatchObject([
      { id: 'a'.repeat(32), message: 'disk full', type: null },
    ]);
  });

  it('takes no message of a lower level', () => {
    const body = '{"event_id":"x"}\n{"type":"event"}\n{"level":"info","message":"deployed"}\n';
    expect(taken(readSentryEnvelope(Buffer.from(body), reception()))).toMatchObject({ events: [] });
  });

  it('names what is broken', () => {
    expect(problems(readSentryEnvelope(Buffer.from('garbage'), reception()))[0]?.problem).toMatch(
      /^has no envelope header/,
    );
    const noId = '{}\n{"type":"event"}\n{"message":"x"}\n';
    expect(problems(readSentryEnvelope(Buffer.from(noId), reception()))[0]?.field).toBe('event.event_id');
  });
});

describe('OTLP logs', () => {
  const body = readPayload('otlp-logs.json');

  it('makes an error of a record of severity 17, with what the resource says', () => {
    const { events } = taken(readOtlpLogs(body, reception()));
    expect(events).toEqual([
      errorEvent({
        id: events[0]?.id ?? '',
        time: Date.parse('2026-01-02T03:04:05Z'),
        source: 'build-agent',
        message: 'connect timed out',
        type: 'java.net.SocketTimeoutException',
        stack:
          'java.net.SocketTimeoutException: connect timed out\n\tat java.base/java.net.Socket.connect(Socket.java:633)',
        repository: 'shop',
        commit: '3484a3fb816e0859fd6e1cea078d76385ff50625',
        pipeline: 'release',
        run: '8812',
        task: 'push image',
        labels: { severity: 'ERROR' },
        context: {
          'exception.type': 'java.net.SocketTimeoutException',
          'exception.message': 'connect timed out',
          'exception.stacktrace':
            'java.net.SocketTimeoutException: connect timed out\n\tat java.base/java.net.Socket.connect(Socket.java:633)',
          'cicd.pipeline.task.name': 'push image',
          'retry.count': 3,
        },
      }),
    ]);
  });

  it('gives the same export the same ids', () => {
    const id = () => taken(readOtlpLogs(body, reception())).events[0]?.id;
    expect(id()).toBe(id());
  });

  it('says that protobuf is not read', () => {
    expect(problems(readOtlpLogs(Buffer.from([0x0a, 0x01]), reception()))[0]?.remedy).toContain('http/json');
  });
});

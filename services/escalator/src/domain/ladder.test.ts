import { describe, expect, it } from 'vitest';
import type { ErrorRecord } from '@faultline/schemas';
import { advance, baselineSnapshots } from '@faultline/stream';
import { createEscalatorStage } from '../stage.ts';
import { classified, exhausted, fixed, proposal, rerun, unresolved } from '../testing/sample-record.ts';

const stage = createEscalatorStage();
const knowledge = baselineSnapshots(stage.knowledge);
const decide = (record: ErrorRecord, now = record.receivedAt) =>
  advance({
    stage,
    record,
    input: { topic: 'errors.unresolved', partition: 0, offset: 1 },
    answers: {},
    knowledge,
    now,
    traceparent: null,
  });
const level = (record: ErrorRecord, now?: number) => decide(record, now).record?.escalation?.level;

const fixable = fixed({ decision: 'proposed', proposals: [proposal()] });

describe('ladder', () => {
  it.each<[string, ErrorRecord, string]>([
    ['exhausted, transient, with a way to run it again', unresolved({}, { rerun }), 'automated-retry'],
    ['gave up', unresolved({ retry: exhausted({ decision: 'gave-up' }) }, { rerun }), 'automated-retry'],
    ['no way to run it again', unresolved(), 'human'],
    ['not retryable', unresolved({ retry: exhausted({ decision: 'not-retryable' }) }, { rerun }), 'human'],
    ['refused', unresolved({ retry: exhausted({ decision: 'refused' }) }, { rerun }), 'human'],
    ['never ran', unresolved({ retry: exhausted({ attempts: [] }) }, { rerun }), 'human'],
    [
      'a deploy that is not idempotent',
      unresolved({}, { rerun: { ...rerun, idempotent: false, sideEffects: ['deploy'] } }),
      'human',
    ],
    [
      'not idempotent but without side effects',
      unresolved({}, { rerun: { ...rerun, idempotent: false } }),
      'automated-retry',
    ],
    [
      'a run whose end nobody knows and that may not be repeated',
      unresolved(
        {
          retry: exhausted({ attempts: exhausted().attempts.map((one) => ({ ...one, outcome: 'unknown' })) }),
        },
        { rerun: { ...rerun, idempotent: false } },
      ),
      'human',
    ],
    [
      'a class that time does not mend',
      unresolved({ classification: classified({ retryClass: 'never' }) }, { rerun }),
      'human',
    ],
    ['a verified fix', unresolved({ fix: fixable }), 'automated-fix'],
    [
      'a fix below the threshold',
      unresolved({ fix: fixed({ decision: 'proposed', proposals: [proposal({ confidence: 0.89 })] }) }),
      'human',
    ],
    [
      'a fix at the threshold',
      unresolved({ fix: fixed({ decision: 'proposed', proposals: [proposal({ confidence: 0.9 })] }) }),
      'automated-fix',
    ],
    [
      'a fix that was not verified',
      unresolved({ fix: fixed({ decision: 'proposed', proposals: [proposal({ verification: 'none' })] }) }),
      'human',
    ],
    [
      'a risky fix',
      unresolved({ fix: fixed({ decision: 'proposed', proposals: [proposal({ risk: 'medium' })] }) }),
      'human',
    ],
    [
      'a rerun with other parameters and no way to run',
      unresolved({
        fix: fixed({ decision: 'proposed', proposals: [proposal({ kind: 'rerun', verification: 'none' })] }),
      }),
      'human',
    ],
    [
      'a fix that failed',
      unresolved({ fix: fixed({ decision: 'failed', proposals: [proposal()], chosen: 'fix-1' }) }),
      'human',
    ],
    [
      'code that an agent may mend',
      unresolved({ classification: classified({ category: 'code.compile', retryClass: 'never-fixable' }) }),
      'codegen',
    ],
    [
      'critical code goes to people',
      unresolved({ classification: classified({ severity: 'critical', retryClass: 'never-fixable' }) }),
      'human',
    ],
    [
      'a checksum is never cleared by a machine',
      unresolved({ fix: fixable, classification: classified({ category: 'dep.integrity' }) }, { rerun }),
      'human',
    ],
    [
      'an agent in a loop',
      unresolved({ classification: classified({ category: 'agent.loop', severity: 'critical' }) }),
      'shutdown',
    ],
  ])('%s', (_name, record, expected) => {
    expect(level(record)).toBe(expected);
  });

  it('is climbed: retry, then fix, then people, and no level twice', () => {
    const first = decide(unresolved({ fix: fixable }, { rerun }));
    expect(first.move).toMatchObject({ to: 'errors.classified', reason: 'another-round' });
    expect(first.record).toMatchObject({ round: 1, retry: null });

    const back = {
      ...(first.record as ErrorRecord),
      retry: exhausted({ attempts: exhausted().attempts.slice(0, 1) }),
    };
    const second = decide(back);
    expect(second.move).toMatchObject({ to: 'errors.fixable', reason: 'another-round' });
    expect(second.record).toMatchObject({ round: 2, escalation: { level: 'automated-fix' } });

    const third = decide(second.record as ErrorRecord);
    expect(third.move).toMatchObject({ to: 'errors.escalated', reason: 'escalated' });
    expect(third.record).toMatchObject({ round: 2, escalation: { level: 'human' } });
    // What the first round tried is not lost, though its retry state was reset.
    const summary = third.record?.escalation?.summary ?? '';
    expect(summary).toContain('Round 0:');
    expect(summary).toContain('Round 1:');
    expect(summary.match(/retry 3 at/g)).toHaveLength(1);
  });

  it('starts no round that the deadline of the record leaves no time for', () => {
    const record = unresolved({}, { rerun });
    expect(level(record, record.deadline - 600_000)).toBe('automated-retry');
    expect(level(record, record.deadline - 599_999)).toBe('human');
  });

  it('fills everything that a subscriber needs', () => {
    const record = unresolved(
      {},
      {
        repository: 'acme/shop',
        log: { text: 'a\nb\nc', truncated: false, omittedLines: null, pointer: null },
      },
    );
    const { escalation } = decide(record).record as ErrorRecord;
    expect(escalation).toMatchObject({
      level: 'human',
      policy: 'default@baseline',
      route: 'shared',
      groupKey: 'fp-dns',
      incidentId: null,
      priority: 3,
      title: 'DNS lookup of registry.example failed in acme/shop',
      channels: ['linear', 'slack', 'webhook'],
      deadline: record.receivedAt + 24 * 3_600_000,
    });
    for (const section of ['Cause', 'Remedy', 'Why it is here', 'Where', 'Evidence', 'Tried and ruled out']) {
      expect(escalation?.summary).toContain(`### ${section}`);
    }
  });

  it.each([
    ['critical', 1],
    ['high', 2],
    ['medium', 3],
    ['low', 4],
    ['UNKNOWN', 0],
  ] as const)('maps severity %s to priority %i', (severity, priority) => {
    expect(
      decide(unresolved({ classification: classified({ severity }) })).record?.escalation?.priority,
    ).toBe(priority);
  });

  it('neither ends a code block nor mentions anybody by what a log says', () => {
    const text = 'before\n```\n# heading @channel\n````\nafter\u001b[31m red\u202e';
    const record = unresolved(
      { classification: classified({ cause: '@channel <script> [x](javascript:1)', region: [] }) },
      {
        log: { text, truncated: false, omittedLines: null, pointer: null },
      },
    );
    const summary = decide(record).record?.escalation?.summary ?? '';
    expect(summary).toContain('`````text\nbefore');
    expect(summary).not.toMatch(/[\u001b\u202e]/);
    expect(summary).toContain('\\@channel \\<script\\> \\[x\\]\\(javascript:1\\)');
  });
});

import { describe, expect, it } from 'vitest';
import { EscalationManager } from './escalation-manager.ts';
import { classified } from './testing/sample-record.ts';

const now = (): number => 1_700_000_000_000;

describe('EscalationManager', () => {
  it('runs as the seed shows it, with the clients that it was given', async () => {
    const created: Record<string, unknown>[] = [];
    const linearClient = {
      createIssue: async (input: Record<string, unknown>) => {
        created.push(input);
        return {
          success: true,
          issue: Promise.resolve({
            id: input['id'],
            identifier: 'OPS-1',
            url: 'https://linear.example/OPS-1',
          }),
        };
      },
    };
    const runs: { prompt: string }[] = [];
    const codegenClient = {
      run: async (request: { prompt: string }) => {
        runs.push(request);
        return { id: 7, status: 'PENDING', web_url: 'https://agent.example/7' };
      },
    };
    const escalationManager = new EscalationManager({
      enableAutoEscalation: true,
      codegenClient,
      linearClient,
      now,
    });
    const errorInfo = {
      message: "Type 'string' is not assignable",
      classification: classified({ category: 'code.compile', retryClass: 'never-fixable', title: 'TS2322' }),
    };
    const escalation = await escalationManager.evaluateEscalation(
      errorInfo,
      { operation: 'build', repository: 'acme/shop' },
      [{ success: false, type: 'rule', error: 'no rule' }],
    );
    expect(escalation).toMatchObject({
      escalated: true,
      level: 'codegen',
      priority: 3,
      title: 'TS2322 in acme/shop',
    });
    expect(escalation.summary).toContain('1 tried: rule \\(no rule\\)');
    expect(escalation.notices).toEqual([
      { channel: 'linear', state: 'sent', reference: 'OPS-1', url: 'https://linear.example/OPS-1' },
      { channel: 'codegen', state: 'sent', reference: '7', url: 'https://agent.example/7' },
      { channel: 'webhook', state: 'mailbox', reference: expect.any(String), url: null },
    ]);
    expect(created).toHaveLength(1);
    expect(runs[0]?.prompt).toContain('TS2322 in acme/shop');

    const again = await escalationManager.evaluateEscalation(
      errorInfo,
      { operation: 'build', repository: 'acme/shop' },
      [],
    );
    expect(again.incidentId).toBe(escalation.incidentId);
    expect(again.notices.map(({ state }) => state)).toEqual(['already-told', 'already-told', 'already-told']);
    expect(created).toHaveLength(1);
  });

  it('loses nothing where there is no client, and where one fails or never answers', async () => {
    const manager = new EscalationManager({
      linearClient: { createIssue: async () => new Promise(() => undefined) },
      codegenClient: { run: async () => Promise.reject(new Error('quota')) },
      timeoutMs: 20,
      now,
    });
    const result = await manager.evaluateEscalation(new Error('boom'), {}, []);
    expect(result).toMatchObject({ level: 'human', escalated: true, priority: 0 });
    expect(manager.mailbox.map(({ channel, why }) => `${channel}: ${why}`).sort()).toEqual([
      'linear: linear failed: no answer within 20 ms',
      'slack: no client for slack',
      'webhook: no client for webhook',
    ]);
    expect(manager.mailbox.every(({ subject }) => subject === 'boom')).toBe(true);
  });

  it('only decides where enableAutoEscalation is false', async () => {
    const linearClient = { createIssue: async () => Promise.reject(new Error('must not be called')) };
    const manager = new EscalationManager({ enableAutoEscalation: false, linearClient, now });
    const result = await manager.evaluateEscalation({ message: 'x', severity: 'critical' }, {}, []);
    expect(result).toMatchObject({ level: 'human', priority: 1, notices: [] });
    expect(manager.mailbox).toEqual([]);
  });

  it('says which automated level to try where one can still help', async () => {
    const manager = new EscalationManager({ now });
    const retry = {
      attempts: [{ number: 1, key: 'k', at: 0, outcome: 'failed', detail: 'x', status: null, durationMs: 1 }],
      decision: 'exhausted',
      policy: 'p',
      strategy: 'exponential',
      maxRetries: 1,
      nextAt: null,
      nextKey: null,
      backoff: null,
      reason: 'r',
    };
    const context = { rerun: { kind: 'local', target: 'fetch', idempotent: true } };
    const result = await manager.evaluateEscalation(
      { message: 'ECONNRESET', retryable: true, retry },
      context,
      [],
    );
    expect(result).toMatchObject({ level: 'automated-retry', escalated: false, notices: [] });
  });

  it.each([undefined, null, 7, '', 'text', [], { message: 1 }, { error: null, classification: {} }])(
    'escalates whatever it is given: %j',
    async (errorInfo) => {
      const result = await new EscalationManager({ now }).evaluateEscalation(errorInfo, {}, []);
      expect(result.level).toBe('human');
      expect(result.title).not.toBe('');
    },
  );
});

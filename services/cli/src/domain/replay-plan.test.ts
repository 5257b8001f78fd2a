import { describe, expect, it } from 'vitest';
import { readContractInput } from '@faultline/schemas';
import { flakyTarget } from '../line/flaky-target.ts';
import type { CorpusEntry } from './corpus-entry.ts';
import { replayed, type ReplayAt } from './replay-plan.ts';

const failure = (index: number, retryClass = 'backoff'): CorpusEntry => ({
  id: `npm-${index}`,
  kind: 'failure',
  tool: 'npm',
  title: 'A reset',
  command: 'npm ci',
  exitCode: 1,
  signal: null,
  label: { category: 'network', retryClass },
  message: 'npm error code ECONNRESET',
  path: 'x.log',
  output: 'npm error code ECONNRESET\n',
});
const at: ReplayAt = { name: 'r', loop: 0, now: 1_750_000_000_000, targetUrl: 'http://127.0.0.1:9' };
const many = Array.from({ length: 200 }, (_, index) => failure(index));

describe('what the replay sends', () => {
  it('is the same again for the same name and pass, and has other ids in another pass', () => {
    expect(replayed(failure(1), at)).toEqual(replayed(failure(1), at));
    expect(replayed(failure(1), { ...at, loop: 1 }).event?.id).not.toBe(replayed(failure(1), at).event?.id);
  });

  it('is of the contract, event and observation', () => {
    const { event, observation } = replayed(failure(1), at);
    expect(readContractInput('ErrorEvent', event)).toEqual({ ok: true, value: event });
    expect(readContractInput('Observation', observation)).toEqual({ ok: true, value: observation });
    expect(observation).toMatchObject({ result: 'failed', eventId: event?.id, operation: event?.operation });
  });

  it('is an observation alone for a run that passed', () => {
    const { event, observation } = replayed({ ...failure(1), kind: 'passing', label: null }, at);
    expect(event).toBeNull();
    expect(observation).toMatchObject({ result: 'passed', logSample: 'npm error code ECONNRESET\n' });
  });

  it('can be run again where its class gives hope, mostly; never where it gives none', () => {
    const reruns = many.map((entry) => replayed(entry, at).event?.rerun);
    const share = reruns.filter((rerun) => rerun !== null).length / many.length;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.9);
    const hopeless = many.map(
      ({ id }, index) => replayed({ ...failure(index, 'never'), id }, at).event?.rerun,
    );
    expect(new Set(hopeless)).toEqual(new Set([null]));
    expect(replayed(failure(1), { ...at, targetUrl: null }).event?.rerun).toBeNull();
  });
});

describe('the target that operations are run again on', () => {
  it('fails as often as it is told, then succeeds; the same key again changes nothing', async () => {
    const target = await flakyTarget('127.0.0.1', 0);
    try {
      const again = async (key: string): Promise<number> => {
        const headers = { 'idempotency-key': key };
        return (await fetch(`${target.url}/again/x?failures=2`, { method: 'POST', headers })).status;
      };
      expect([await again('1'), await again('1'), await again('2'), await again('3')]).toEqual([
        503, 503, 503, 200,
      ]);
      expect(target.counts()).toEqual({ succeeded: 1, failed: 3 });
      expect((await fetch(target.url)).status).toBe(404);
    } finally {
      await target.close();
    }
  });
});

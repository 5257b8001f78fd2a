import { describe, expect, it } from 'vitest';
import type { Rerun } from '@faultline/schemas';
import type { AttemptAsk } from '@faultline/stream';
import { httpRerun } from '../testing/records.ts';
import { createKafkaExecutor, type Republish } from './kafka.ts';

const ask = (rerun: Partial<Rerun>, idempotent = true): AttemptAsk => ({
  kind: 'attempt',
  key: 'key-1',
  rerun: {
    ...httpRerun,
    kind: 'kafka',
    target: 'orders',
    key: 'k',
    body: 'v',
    headers: { a: '1' },
    ...rerun,
  },
  idempotent,
  deadlineMs: 1_000,
});

function executorWith(publish: (record: Republish) => Promise<void>) {
  return createKafkaExecutor({
    port: { publish },
    topics: ['orders', 'errors.raw', '__consumer_offsets'],
    now: () => 5,
  });
}

const never = new AbortController().signal;

describe('the Kafka executor', () => {
  it('publishes the record again, with the key of the attempt', async () => {
    const published: Republish[] = [];
    const executor = executorWith(async (record) => void published.push(record));
    expect(await executor(ask({}), never)).toMatchObject({ state: 'succeeded', startedAt: 5 });
    expect(published).toEqual([
      { topic: 'orders', key: 'k', value: 'v', headers: { a: '1', 'faultline-attempt': 'key-1' } },
    ]);
  });

  it.each(['errors.raw', 'errors.delayed', '__consumer_offsets', 'payments', 'a b', '', '../x'])(
    'refuses the topic %j',
    async (target) => {
      const executor = executorWith(() => Promise.reject(new Error('called')));
      expect(await executor(ask({ target }), never)).toMatchObject({ state: 'refused' });
    },
  );

  it.each([
    [true, 'failed'],
    [false, 'unknown'],
  ] as const)('without an acknowledgement, idempotent %s: %s', async (idempotent, state) => {
    const executor = executorWith(() => Promise.reject(new Error('request timed out')));
    expect(await executor(ask({}, idempotent), never)).toMatchObject({ state });
  });
});

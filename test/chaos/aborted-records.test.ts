import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

/** What the consumer hides of a fetch; a patched file of kafkajs, so that only its path reaches it. */
const filterAborted = createRequire(import.meta.url)(
  'kafkajs/src/consumer/filterAbortedMessages.js',
) as (fetched: {
  readonly messages: readonly Message[];
  readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[];
}) => readonly Message[];

interface Message {
  readonly offset: string;
  readonly key: Buffer | null;
  readonly isControlRecord: boolean;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
}

const record = (offset: number, producerId: string, key: Buffer | null = null): Message => ({
  offset: String(offset),
  key,
  isControlRecord: false,
  batchContext: { producerId, inTransaction: true },
});
const marker = (offset: number, producerId: string, type: 0 | 1): Message => ({
  ...record(offset, producerId, Buffer.from([0, 0, 0, type])),
  isControlRecord: true,
});
const visible = (
  messages: readonly Message[],
  abortedTransactions: readonly { producerId: string; firstOffset: string }[],
): readonly string[] =>
  filterAborted({ messages, abortedTransactions })
    .filter(({ isControlRecord }) => !isControlRecord)
    .map(({ offset }) => offset);

describe('aborted records of interleaved producers', () => {
  it('stay hidden where the transaction that began later ended first', () => {
    const messages = [record(7, 'a'), record(8, 'b'), record(9, 'c'), marker(10, 'b', 0), marker(11, 'a', 0)];
    const aborted = [
      { producerId: 'b', firstOffset: '8' },
      { producerId: 'a', firstOffset: '7' },
    ];
    expect(visible(messages, aborted)).toEqual(['9']);
  });

  it('stay hidden where several had begun before the fetch', () => {
    const messages = [
      record(20, 'b'),
      record(21, 'a'),
      record(22, 'c'),
      marker(23, 'a', 0),
      marker(24, 'b', 0),
    ];
    const aborted = [
      { producerId: 'a', firstOffset: '9' },
      { producerId: 'b', firstOffset: '12' },
    ];
    expect(visible(messages, aborted)).toEqual(['22']);
  });

  it('stay hidden where a record has the bytes of a marker as its key', () => {
    const messages = [
      record(1, 'a', Buffer.from([0, 0, 0, 0])),
      record(2, 'a'),
      marker(3, 'a', 0),
      record(4, 'a'),
    ];
    expect(visible(messages, [{ producerId: 'a', firstOffset: '1' }])).toEqual(['4']);
  });
});

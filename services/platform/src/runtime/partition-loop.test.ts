import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '@faultline/stream';
import { pino } from 'pino';
import type { InputSlice } from '../kafka/slices.ts';
import { TransactionFailed } from '../kafka/transactional-writer.ts';
import { OffsetMoved, PartitionLoop, type Chunk, type PartitionSink } from './partition-loop.ts';

const slice = (offset: number): InputSlice => ({
  offset,
  timestamp: 0,
  key: null,
  value: Buffer.from('v'),
  headers: {},
});
const slices = (from: number, to: number): readonly InputSlice[] =>
  Array.from({ length: to - from }, (_, index) => slice(from + index));

/** A loop over a sink and a consumer that only note what they were told. */
function rig(
  options: {
    readonly sink?: Partial<PartitionSink>;
    readonly committed?: () => number;
    readonly maxRecords?: number;
  } = {},
) {
  const taken: Chunk[] = [];
  const told: string[] = [];
  const fatal: unknown[] = [];
  let committed = 0;
  const sink: PartitionSink = {
    open: async () => options.committed?.() ?? committed,
    take: async (chunk) => {
      taken.push(chunk);
      committed = chunk.next;
    },
    close: async () => undefined,
    ...options.sink,
  };
  const loop = new PartitionLoop(
    sink,
    {
      topic: 't',
      partition: 0,
      seek: (offset) => told.push(`seek ${offset}`),
      pause: () => told.push('pause'),
      resume: () => told.push('resume'),
      display: () => undefined,
      nextHeartbeat: async () => {
        told.push('heartbeat');
      },
    },
    {
      maxRecords: options.maxRecords ?? 10,
      maxBytes: 1_000,
      log: pino({ level: 'silent' }),
      now: () => Date.now(),
      onDown: () => told.push('down'),
      onUp: () => told.push('up'),
      onAbort: (reason) => told.push(`abort ${reason}`),
      onLag: () => undefined,
      onFatal: (error) => fatal.push(error),
      onHalt: (fault) => told.push(`halt ${fault.code}`),
    },
  );
  return {
    loop,
    taken,
    told,
    fatal,
    offsets: () => taken.map(({ slices: of }) => of.map(({ offset }) => offset)),
  };
}

const settle = async (ms = 0): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms);
};

describe('PartitionLoop', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('stands at the committed offset before it takes anything', async () => {
    const { loop, told, taken } = rig({ committed: () => 40 });
    expect(loop.accept(0, slices(0, 3), 3, 3)).toBe(false);
    await settle();
    expect(told).toEqual(['pause', 'seek 40', 'resume', 'up']);
    expect(loop.accept(40, slices(40, 42), 42, 42)).toBe(true);
    await settle();
    expect(taken).toEqual([{ from: 40, slices: slices(40, 42), next: 42 }]);
    await loop.stop();
  });

  it('refuses what was fetched from elsewhere, and asks for the right place again', async () => {
    const { loop, told, taken } = rig();
    await settle();
    expect(loop.accept(5, slices(5, 7), 7, 7)).toBe(false);
    await settle();
    expect(told.at(-1)).toBe('seek 0');
    expect(taken).toEqual([]);
    await loop.stop();
  });

  it('cuts chunks at the limit, in order, and commits markers behind the last record with it', async () => {
    const { loop, taken, offsets } = rig({ maxRecords: 3 });
    await settle();
    loop.accept(0, slices(0, 7), 9, 9); // offsets 7 and 8 are markers
    await settle();
    expect(offsets()).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
    expect(taken.map(({ from, next }) => [from, next])).toEqual([
      [0, 3],
      [3, 6],
      [6, 9],
    ]);
    await loop.stop();
  });

  it('commits markers that come alone once nothing else has come for a while', async () => {
    const { loop, taken } = rig();
    await settle();
    loop.accept(0, [], 2, 2);
    await settle(500);
    expect(taken).toEqual([]);
    await settle(4_000);
    expect(taken).toEqual([{ from: 0, slices: [], next: 2 }]);
    await loop.stop();
  });

  it('pauses fetching while much is queued and resumes when it is not', async () => {
    let release = (): void => undefined;
    const { loop, told } = rig({
      maxRecords: 2,
      sink: { take: async () => new Promise<void>((resolve) => (release = resolve)) },
    });
    await settle();
    loop.accept(0, slices(0, 8), 8, 8);
    expect(told.at(-1)).toBe('pause');
    for (let count = 0; count < 4; count += 1) {
      await settle();
      release();
    }
    await settle();
    expect(told.at(-1)).toBe('resume');
    await loop.stop();
  });

  it('waits until a record is due, and takes the due prefix alone', async () => {
    const began = Date.now();
    const due = [began, began + 1_000, began + 500];
    const at: number[] = [];
    const taken: number[][] = [];
    const { loop } = rig({
      sink: {
        dueAt: ({ offset }) => due[offset] ?? 0,
        take: async (chunk) => {
          taken.push(chunk.slices.map(({ offset }) => offset));
          at.push(Date.now() - began);
        },
      },
    });
    await settle();
    loop.accept(0, slices(0, 3), 3, 3);
    await settle(3_000);
    // the third is due earlier than the second but stands behind it
    expect(taken).toEqual([[0], [1, 2]]);
    expect(at[1]).toBeGreaterThanOrEqual(1_000);
    await loop.stop();
  });

  it('takes a chunk again after an abort, where the committed offset has not moved', async () => {
    let fail = true;
    const taken: number[] = [];
    const { loop, told } = rig({
      committed: () => 0,
      sink: {
        take: async (chunk) => {
          if (fail) {
            fail = false;
            throw new TransactionFailed('commit', new Error('timed out'));
          }
          taken.push(...chunk.slices.map(({ offset }) => offset));
        },
      },
    });
    await settle();
    loop.accept(0, slices(0, 2), 2, 2);
    await settle(1_000);
    expect(taken).toEqual([0, 1]);
    expect(told).toContain('abort commit');
    await loop.stop();
  });

  it('does not take a chunk again where the commit had succeeded after all', async () => {
    let committed = 0;
    let calls = 0;
    const { loop, told } = rig({
      committed: () => committed,
      sink: {
        take: async (chunk) => {
          calls += 1;
          committed = chunk.next;
          throw new TransactionFailed('commit', new Error('the answer was lost'));
        },
      },
    });
    await settle();
    loop.accept(0, slices(0, 2), 2, 2);
    await settle(1_000);
    expect(calls).toBe(1);
    expect(told.filter((line) => line.startsWith('seek'))).toEqual(['seek 0', 'seek 2']);
    await loop.stop();
  });

  it('asks the group before it fences back', async () => {
    let fail = true;
    const fenced = Object.assign(new Error('fenced'), { type: 'INVALID_PRODUCER_EPOCH' });
    const { loop, told } = rig({
      sink: {
        take: async () => {
          if (!fail) return;
          fail = false;
          throw new TransactionFailed('produce', fenced);
        },
      },
    });
    await settle();
    loop.accept(0, slices(0, 1), 1, 1);
    await settle(1_000);
    expect(told).toContain('abort fenced');
    expect(told).toContain('heartbeat');
    await loop.stop();
  });

  it('opens again where another moved the offset', async () => {
    let committed = 0;
    let calls = 0;
    const { loop } = rig({
      committed: () => committed,
      sink: {
        take: async () => {
          calls += 1;
          committed = 2;
          throw new OffsetMoved();
        },
      },
    });
    await settle();
    loop.accept(0, slices(0, 2), 2, 2);
    await settle(2_000);
    expect(calls).toBe(1);
    await loop.stop();
  });

  it('waits for what is down, drops nothing, and says so', async () => {
    let down = true;
    const taken: number[] = [];
    const { loop, told, fatal } = rig({
      sink: {
        take: async (chunk) => {
          if (down)
            throw new Fault('DEPENDENCY_DOWN', 'Postgres is away', { remedy: 'wait', retryable: true });
          taken.push(...chunk.slices.map(({ offset }) => offset));
        },
      },
    });
    await settle();
    loop.accept(0, slices(0, 2), 2, 2);
    await settle(60_000);
    expect(taken).toEqual([]);
    expect(told).toContain('down');
    down = false;
    await settle(6_000);
    expect(taken).toEqual([0, 1]);
    expect(told.at(-1)).toBe('up');
    expect(fatal).toEqual([]);
    await loop.stop();
  });

  it('ends the service on what nobody expected, and halts alone on too many dead letters', async () => {
    const odd = rig({
      sink: {
        take: async () => {
          throw new TypeError('a bug');
        },
      },
    });
    await settle();
    odd.loop.accept(0, slices(0, 1), 1, 1);
    await settle();
    expect(odd.fatal).toHaveLength(1);

    const flood = rig({
      sink: {
        take: async () => {
          throw new Fault('DEAD_LETTER_LIMIT', 'too many', { remedy: 'look' });
        },
      },
    });
    await settle();
    flood.loop.accept(0, slices(0, 1), 1, 1);
    await settle();
    expect(flood.fatal).toEqual([]);
    expect(flood.told.at(-1)).toBe('halt DEAD_LETTER_LIMIT');
  });
});

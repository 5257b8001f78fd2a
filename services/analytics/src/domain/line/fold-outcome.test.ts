import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Outcome } from '@faultline/schemas';
import { generatedLine } from '../../testing/generated-line.ts';
import { acceptRanges } from './accept-ranges.ts';
import { foldOutcome } from './fold-outcome.ts';
import { joinSpans } from './prove-ranges.ts';
import type { RecordRow } from './record-row.ts';

const START = Date.UTC(2026, 0, 1);

function fold(outcomes: readonly Outcome[]): RecordRow | undefined {
  let row: RecordRow | undefined;
  for (const outcome of outcomes) {
    if (outcome.coordinate !== null) ({ row } = foldOutcome(row, outcome, outcome.coordinate));
  }
  return row;
}

describe('foldOutcome', () => {
  test('the order of outcomes makes no difference, and repeats none', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (seed, order) => {
        for (const history of generatedLine({
          seed: String(seed),
          records: 5,
          from: START,
          to: START + 1_000,
          groups: 9,
          open: 0.3,
        })) {
          const shuffled = history
            .map((outcome, index) => ({ outcome, at: order[index] ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ outcome }) => outcome);
          const whole = fold(history);
          const other = fold([...shuffled, ...history]);
          expect({ ...other, seen: '' }).toEqual({ ...whole, seen: '' });
          expect(other?.seen.length).toBe(16 * history.length);
        }
      }),
    );
  });

  test('a clock far ahead or far behind is not believed', () => {
    const [history] = [
      ...generatedLine({ seed: 'clock', records: 1, from: START, to: START + 1, groups: 1 }),
    ];
    const [first] = history ?? [];
    if (first?.event == null) throw new Error('no event');
    const at = (time: number): number | undefined =>
      fold([{ ...first, event: { ...first.event, time } as Outcome['event'] }])?.occurredAt;
    expect(at(START - 60_000)).toBe(START - 60_000);
    expect(at(START + 60_000)).toBe(START);
    expect(at(START + 3_600_000)).toBe(START);
    expect(at(0)).toBe(START);
  });
});

describe('ranges', () => {
  const range = (from: number, to: number) => ({
    range: { topicId: 't', partition: 0, from, to, count: to - from },
    at: START,
  });

  test('contiguous ones join, repeats are counted, overlaps are told', () => {
    const { fresh, duplicates, overlaps } = acceptRanges(
      [range(10, 20), range(0, 10), range(0, 10), range(15, 25), range(30, 31)],
      [{ topicId: 't', partition: 0, from: 28, to: 30 }],
    );
    expect(fresh.map(({ range: { from, to, count } }) => [from, to, count])).toEqual([
      [0, 20, 20],
      [30, 31, 1],
    ]);
    expect(duplicates).toBe(1);
    expect(overlaps.map(({ range: { from } }) => from)).toEqual([15]);
  });

  test('stretches join within one partition, up to a gap', () => {
    const span = (partition: number, from: number, to: number) => ({
      source: 1,
      partition,
      from,
      to,
      records: to - from,
    });
    const spans = [span(0, 0, 5), span(0, 5, 9), span(0, 12, 20), span(1, 40, 50)];
    expect(joinSpans(spans).map(({ from, to }) => [from, to])).toEqual([
      [0, 9],
      [12, 20],
      [40, 50],
    ]);
  });
});

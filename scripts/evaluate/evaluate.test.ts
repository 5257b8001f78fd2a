import { describe, expect, it } from 'vitest';
import { errorEvent, openRecord, type ErrorEvent, type ErrorRecord } from '@faultline/schemas';
import { advance, baselineSnapshots, type Answers } from '@faultline/stream';
import { createClassifierStage } from '@faultline/classifier';
import { loadCorpus } from '../../test/corpus/load.ts';
import { classify } from './classify.ts';
import { group } from './group.ts';
import { regions } from './regions.ts';

const items = loadCorpus().slice(0, 200);
const stage = createClassifierStage();
const knowledge = baselineSnapshots(stage.knowledge);

/** The record as the line passes it on. */
function throughStage(event: ErrorEvent): ErrorRecord {
  const coordinate = { topicId: 'topic', partition: 0, offset: 1 };
  const record = openRecord(event, coordinate, 1, 2);
  const answers: Answers = Object.fromEntries(
    stage
      .plan(record, 1)
      .map((ask) => [ask.key, { kind: 'claim', holder: coordinate, payloadHash: '' } as const]),
  );
  const input = { topic: 'errors.raw', partition: 0, offset: 1 } as const;
  const passed = advance({ stage, record, input, answers, knowledge, now: 1, traceparent: null }).record;
  if (passed === undefined) throw new Error('the stage passed nothing on');
  return passed;
}

const records = items.map((item) =>
  throughStage(
    errorEvent({
      id: item.id,
      time: 0,
      source: 'corpus',
      message: 'Process completed with exit code 1',
      log: { text: item.output, truncated: false, omittedLines: null, pointer: null },
    }),
  ),
);
const packed = items.map((item) => ({ id: item.id, log: item.output }));

describe('the evaluation runner', () => {
  it('finds what the stage finds, on 200 logs', async () => {
    expect(records).toHaveLength(200);
    const [ofClassify, ofGroup, ofRegions] = await Promise.all([
      classify(packed),
      group(packed),
      regions(packed),
    ]);
    records.forEach(({ classification, event }, index) => {
      const id = items[index]?.id;
      expect(ofClassify[index], id).toMatchObject({
        category: classification?.category,
        confidence: classification?.confidence,
      });
      expect(ofGroup[index]?.['fingerprint'], id).toBe(classification?.fingerprint.id);
      const lines = (items[index]?.output ?? '').split(/\r\n|\n|\r/);
      const indexes = ofRegions[index]?.['line_indexes'] as readonly number[];
      if (event.log?.truncated === true) return;
      const kept = classification?.region.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, step) => first + step),
      );
      expect(
        [...indexes].sort((a, b) => a - b),
        id,
      ).toEqual([...new Set(kept)]);
      expect(Math.max(0, ...indexes), id).toBeLessThan(lines.length);
    });
  });
});

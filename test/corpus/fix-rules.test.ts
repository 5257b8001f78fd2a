import { describe, expect, it } from 'vitest';
import { createClassifierStage } from '@faultline/classifier';
import { createFixerStage } from '@faultline/fixer';
import { errorEvent, openRecord, type FixState } from '@faultline/schemas';
import { advance, baselineSnapshots, type Stage } from '@faultline/stream';
import { loadCorpus, type CorpusItem } from './load.ts';

const classifier = createClassifierStage();
const fixer = createFixerStage({ enabled: true });

/** What the fixer proposes for what a tool printed, through the classifier. */
function proposalsFor(item: CorpusItem): FixState | null {
  const event = errorEvent({
    id: item.id,
    time: 1_000,
    source: 'corpus',
    message: item.message ?? item.output.trimEnd().split('\n').at(-1) ?? item.id,
    log: { text: item.output, truncated: false, omittedLines: null, pointer: null },
    exitCode: item.exitCode,
  });
  const coordinate = { topicId: 'corpus', partition: 0, offset: 1 };
  const raw = openRecord(event, coordinate, 1_000, 2_000);
  const [ask] = classifier.plan(raw, 1_000);
  const classified = advance({
    stage: classifier,
    record: raw,
    input: { topic: 'errors.raw', partition: 0, offset: 1 },
    answers:
      ask?.kind === 'claim'
        ? { [ask.key]: { kind: 'claim', holder: coordinate, payloadHash: ask.payloadHash } }
        : {},
    knowledge: baselineSnapshots(classifier.knowledge),
    now: 1_000,
    traceparent: null,
  }).record;
  if (classified === undefined) throw new Error(`${item.id} became a dead letter`);
  const stage = fixer as unknown as Stage;
  const fixed = advance({
    stage,
    record: classified,
    input: { topic: 'errors.fixable', partition: 0, offset: 1 },
    answers: {},
    knowledge: baselineSnapshots(stage.knowledge),
    now: 1_000,
    traceparent: null,
  });
  return fixed.record?.fix ?? null;
}

describe('fix rules on what real tools print', () => {
  const items = loadCorpus();

  it('propose something for the failures that are known to be mendable by rule', () => {
    const proposed = items
      .filter(({ kind }) => kind === 'failure')
      .filter((item) => proposalsFor(item)?.decision === 'proposed');
    expect(proposed.length).toBeGreaterThanOrEqual(40);
  });

  it('propose nothing where the label says that no change mends it', () => {
    const wrong = items
      .filter(({ label }) => label?.category === 'network.dns' || label?.category === 'auth.expired')
      .filter((item) => proposalsFor(item)?.proposals.some(({ kind }) => kind === 'patch'));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });
});

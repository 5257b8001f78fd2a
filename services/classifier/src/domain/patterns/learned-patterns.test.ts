import { describe, expect, it } from 'vitest';
import { baselineSnapshots } from '@faultline/stream';
import { classifyText } from '../../classify-text.ts';
import { classifierKnowledge } from '../knowledge.ts';
import { minePatterns } from './mine-patterns.ts';

const confirmed = [17, 29, 31, 58].map((order) => ({
  line: `ledger entry for order ${order} is absent in replica eu-${order}`,
  category: 'db.data',
  remedy: 'Replay the journal of the replica.',
}));

describe('learned patterns', () => {
  it('go from confirmed outcomes through published knowledge to the decision', () => {
    const text = 'ledger entry for order 99 is absent in replica eu-99';
    expect(classifyText(text).classification.strategy).toBe('none');
    const mined = minePatterns(confirmed, { minSupport: 3, minConfidence: 0.7 });
    expect(mined.patterns).toHaveLength(1);
    const body = classifierKnowledge.patterns.parse(JSON.parse(JSON.stringify(mined)));
    const shipped = baselineSnapshots(classifierKnowledge);
    const { classification } = classifyText(text, {
      knowledge: { ...shipped, patterns: { version: '1', sha256: 'x', body } },
    });
    expect(classification).toMatchObject({
      strategy: 'pattern',
      category: 'db.data',
      errorType: 'DATABASE_ERROR',
      remedy: 'Replay the journal of the replica.',
    });
    expect(classification.evidence[0]).toMatchObject({ kind: 'pattern' });
  });

  it('are not made from outcomes that disagree or are too few', () => {
    const torn = confirmed.map((label, index) => ({
      ...label,
      category: index % 2 === 0 ? 'db.data' : 'db.down',
    }));
    expect(minePatterns(torn, { minSupport: 3, minConfidence: 0.7 }).patterns).toEqual([]);
    expect(minePatterns(confirmed.slice(0, 2), { minSupport: 3, minConfidence: 0.7 }).patterns).toEqual([]);
  });

  it('come behind rules', () => {
    const mined = minePatterns(
      [1, 2, 3].map((n) => ({ line: `No space left on device ${n}`, category: 'db.data' })),
      { minSupport: 3, minConfidence: 0.7 },
    );
    const shipped = baselineSnapshots(classifierKnowledge);
    const { classification } = classifyText('No space left on device 7', {
      knowledge: { ...shipped, patterns: { version: '1', sha256: 'x', body: mined } },
    });
    expect(classification).toMatchObject({ strategy: 'rule', category: 'disk.full' });
  });
});

import { describe, expect, it } from 'vitest';
import { baselineModel } from './base-model.generated.ts';
import { emptyModel } from './empty-model.ts';
import { LinearModel } from './linear-model.ts';
import type { ModelInput } from './model-input.ts';

const input = (line: string, exitCode: number | null = 1): ModelInput => ({
  lines: [line],
  exitCode,
  signal: null,
  tool: null,
  exceptionType: null,
});

describe('LinearModel', () => {
  it('knows nothing at first and says so', () => {
    expect(
      new LinearModel(emptyModel).predict(input('disk is full, cannot write another block')),
    ).toBeUndefined();
  });

  it('learns online from confirmed labels, explains itself, and survives a snapshot', () => {
    const model = new LinearModel(emptyModel);
    for (let round = 0; round < 30; round += 1) {
      model.learn(input('volume has no blocks left for another write'), 'disk.full');
      model.learn(input('peer went away in the middle of the answer'), 'network.reset');
    }
    const before = model.predict(input('volume has no blocks left for this write'));
    expect(before).toMatchObject({ category: 'disk.full' });
    expect(before?.confidence).toBeGreaterThan(0.7);
    expect(before?.reasons.map(({ feature }) => feature)).toContain('w:volume');
    const again = new LinearModel(model.snapshot()).predict(
      input('volume has no blocks left for this write'),
    );
    expect(again?.category).toBe('disk.full');
    expect(again?.confidence).toBeCloseTo(before?.confidence ?? 0, 1);
  });

  it('that ships abstains on what says nothing', () => {
    const prediction = new LinearModel(baselineModel).predict(
      input('the quick brown fox jumps over the lazy dog'),
    );
    expect(prediction?.confidence ?? 0).toBeLessThan(0.7);
  });
});

import { describe, expect, test } from 'vitest';
import { seededRandom } from '@faultline/stream';
import { PatternRecognition, type GivenEvent } from './pattern-recognition.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const HOUR = 3_600_000;
const now = (): number => NOW;
const types = ['NETWORK_ERROR', 'COMPILE_ERROR', 'TEST_ERROR'];

/** Errors at random times, of random types, in random circumstances. */
function noise(seed: string, count: number, days = 20): GivenEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({
    message: 'x',
    timestamp: NOW - Math.floor(random() * days * 24) * HOUR - Math.floor(random() * HOUR),
    errorType: types[Math.floor(random() * types.length)],
    context: {
      environment: random() < 0.5 ? 'ci' : 'production',
      runner: `pool-${Math.floor(random() * 4)}`,
      userId: `u${Math.floor(random() * 5)}`,
      cpuUsage: Math.floor(random() * 100),
    },
  }));
}

describe('PatternRecognition', () => {
  test('data without a pattern gives none, over many data sets', async () => {
    let found = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      found += (await new PatternRecognition({ now }).analyzePatterns(noise(`null ${seed}`, 300))).patterns
        .length;
    }
    expect(found).toBeLessThanOrEqual(1);
  });

  test('an hour of the day, a chain, a bad runner pool and a careless user are found', async () => {
    const events = noise('planted', 400);
    for (let day = 0; day < 18; day += 1) {
      const midnight = NOW - day * 24 * HOUR - 12 * HOUR;
      events.push({
        errorType: 'BACKUP_ERROR',
        timestamp: midnight + 3 * HOUR,
        context: { environment: 'ci' },
      });
      events.push({ errorType: 'DATABASE_ERROR', timestamp: midnight + day * HOUR });
      events.push({ errorType: 'API_ERROR', timestamp: midnight + day * HOUR + 60_000 });
    }
    for (let index = 0; index < 60; index += 1) {
      events.push({
        errorType: 'RESOURCE_ERROR',
        timestamp: NOW - index * 7 * HOUR,
        context: { runner: index < 50 ? 'pool-3' : 'pool-1' },
      });
      events.push({
        errorType: 'LINT_ERROR',
        timestamp: NOW - index * 7 * HOUR,
        context: { userId: index < 50 ? 'u1' : 'u2' },
      });
    }
    const { patterns } = await new PatternRecognition({ now }).analyzePatterns(events);
    const has = (kind: string, errorType: string, condition: string): boolean =>
      patterns.some(
        (pattern) =>
          pattern.kind === kind && pattern.errorType === errorType && pattern.condition === condition,
      );
    expect(has('temporal', 'BACKUP_ERROR', 'hour 3 UTC')).toBe(true);
    expect(has('sequential', 'API_ERROR', 'after DATABASE_ERROR')).toBe(true);
    expect(has('environmental', 'RESOURCE_ERROR', 'runner = pool-3')).toBe(true);
    expect(has('behavioral', 'LINT_ERROR', 'userId = u1')).toBe(true);
  });

  test('learning keeps events for the next analysis; without it each stands alone', async () => {
    const learning = new PatternRecognition({ now, enableRealTimeLearning: true });
    const forgetting = new PatternRecognition({ now, enableRealTimeLearning: false });
    for (const recognition of [learning, forgetting]) await recognition.analyzePatterns(noise('first', 50));
    expect((await learning.analyzePatterns(noise('second', 30))).analysed).toBe(80);
    expect((await forgetting.analyzePatterns(noise('second', 30))).analysed).toBe(30);
  });

  test('prediction abstains and says why, and says what errors in such a context were', async () => {
    const off = new PatternRecognition({ now, enableMLPrediction: false });
    await off.analyzePatterns(noise('off', 50));
    expect(await off.predictErrors({ environment: 'ci' })).toEqual({
      v: 1,
      abstained: true,
      reason: 'prediction is turned off',
      predictions: [],
      ifAny: [],
    });
    const on = new PatternRecognition({ now });
    expect(await on.predictErrors({})).toMatchObject({ abstained: true, reason: 'no errors are known yet' });
    await on.analyzePatterns([
      ...noise('on', 20),
      ...Array.from({ length: 10 }, () => ({ errorType: 'OOM', timestamp: NOW, context: { region: 'eu' } })),
    ]);
    const prediction = await on.predictErrors({ region: 'eu', activeUsers: 1_500 });
    expect(prediction).toMatchObject({
      abstained: true,
      predictions: [],
      ifAny: [{ errorType: 'OOM', share: 1, errors: 10, because: ['region = eu'] }],
    });
    expect(prediction.reason).toContain('no runs that passed');
  });

  test('insights are of one type and range; a wrong range is refused', async () => {
    const recognition = new PatternRecognition({ now });
    await recognition.analyzePatterns([
      { errorType: 'NETWORK_ERROR', timestamp: NOW - HOUR },
      { errorType: 'NETWORK_ERROR', timestamp: NOW - 30 * HOUR },
      { errorType: 'LINT_ERROR', timestamp: NOW - HOUR },
    ]);
    const insights = recognition.getInsights({ errorType: 'NETWORK_ERROR', timeRange: '24h' });
    expect(insights).toMatchObject({ count: 1, share: 0.5, firstAt: NOW - HOUR, lastAt: NOW - HOUR });
    expect(insights.byHour[11]).toBe(1);
    expect(recognition.getInsights().count).toBe(3);
    expect(() => recognition.getInsights({ timeRange: 'soon' })).toThrow('timeRange');
  });

  test('export, import, export is identical; a foreign import changes nothing', async () => {
    const one = new PatternRecognition({ now });
    await one.analyzePatterns(noise('export', 40));
    const two = new PatternRecognition({ now });
    two.importData(JSON.parse(JSON.stringify(one.exportData())));
    expect(two.exportData()).toEqual(one.exportData());
    expect(() => two.importData({ v: 1, kind: 'error-analytics', events: [] })).toThrow('kind');
    expect(two.exportData()).toEqual(one.exportData());
  });
});

import { describe, expect, test } from 'vitest';
import { ErrorAnalytics } from './error-analytics.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const MINUTE = 60_000;
const at = (minutesAgo: number): object => ({ timestamp: NOW - minutesAgo * MINUTE });
const error = (minutesAgo: number, more: object = {}): object => ({
  message: 'socket hang up',
  errorType: 'NETWORK_ERROR',
  category: 'network',
  ...at(minutesAgo),
  ...more,
});
const now = (): number => NOW;

describe('ErrorAnalytics', () => {
  test('the sample of the documents: what is recorded stands in report and dashboard', async () => {
    const analytics = new ErrorAnalytics({
      enableRealTimeAnalytics: true,
      enableTrendAnalysis: true,
      enableAnomalyDetection: true,
      now,
    });
    analytics.recordError(
      new Error('boom'),
      { environment: 'production' },
      { success: true, stage: 'retrier', durationMs: 1_500, attempts: 1 },
    );
    analytics.recordError(
      {
        message: 'no',
        classification: {
          category: 'lint',
          errorType: 'LINT_ERROR',
          severity: 'low',
          title: 'no',
          fingerprint: { id: 'f1' },
        },
      },
      {},
      { success: false, state: 'escalated' },
    );
    const { summary, period } = await analytics.generateReport();
    expect(period).toEqual({ startDate: '2026-04-30T12:00:00.000Z', endDate: '2026-05-01T12:00:00.000Z' });
    expect(summary).toMatchObject({
      total: 2,
      byOutcome: { escalated: 1, resolved: 1 },
      byCategory: { lint: 1, unclassified: 1 },
      byEnvironment: { production: 1, unknown: 1 },
      resolvedBy: { retrier: 1 },
      resolutionRate: 0.5,
      retryAmplification: 1.5,
      timeToResolutionMs: { p50: 1_500, p99: 1_500 },
      rates: { perDay: 2, perHour: 2 / 24 },
    });
    expect(summary.groups.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(['Error: boom', 'f1']);
    expect(analytics.getDashboardData().realTime).toMatchObject({ lastMinute: 2, lastHour: 2 });
  });

  test('a report holds its period and nothing else', async () => {
    const analytics = new ErrorAnalytics({ now });
    for (const minutes of [10, 70, 3_000]) analytics.recordError(error(minutes));
    const report = await analytics.generateReport({
      startDate: new Date(NOW - 120 * MINUTE),
      endDate: NOW - 60 * MINUTE,
    });
    expect(report.summary.total).toBe(1);
  });

  test('each option takes away what it names', async () => {
    const analytics = new ErrorAnalytics({
      enableRealTimeAnalytics: false,
      enableTrendAnalysis: false,
      enableAnomalyDetection: false,
      now,
    });
    analytics.recordError(error(1));
    expect(analytics.getDashboardData()).toMatchObject({
      realTime: null,
      trends: null,
      anomalies: null,
      summary: { total: 1 },
    });
    expect(await analytics.generateReport()).toMatchObject({ trends: null, anomalies: null });
  });

  test('a rise is a trend, an even flow is none', async () => {
    const rising = new ErrorAnalytics({ now });
    for (let index = 0; index < 40; index += 1)
      rising.recordError(error(index < 34 ? 60 : 1_000, { category: 'network' }));
    expect((await rising.generateReport()).trends?.[0]).toMatchObject({
      subject: 'all',
      direction: 'rising',
      before: 6,
      after: 34,
    });
    const even = new ErrorAnalytics({ now });
    for (let index = 0; index < 40; index += 1) even.recordError(error(index % 2 === 0 ? 60 : 1_000));
    expect((await even.generateReport()).trends?.every(({ direction }) => direction === 'steady')).toBe(true);
  });

  test('a spike is an anomaly at its minute, an even flow has none', () => {
    const analytics = new ErrorAnalytics({ now });
    for (let minute = 120; minute > 0; minute -= 1)
      for (let n = 0; n < 3; n += 1) analytics.recordError(error(minute));
    expect(analytics.getDashboardData().anomalies).toEqual([]);
    for (let n = 0; n < 40; n += 1) analytics.recordError(error(20));
    expect(analytics.getDashboardData().anomalies).toMatchObject([
      { at: NOW - 20 * MINUTE, count: 43, expected: 3 },
    ]);
  });

  test('dates that are none, reversed or a century apart are refused by name', async () => {
    const analytics = new ErrorAnalytics({ now });
    await expect(analytics.generateReport({ startDate: NOW, endDate: NOW - 1 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('startDate'),
    });
    await expect(analytics.generateReport({ startDate: 'yesterday' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(analytics.generateReport({ startDate: new Date(0), endDate: '2070-01-01' })).rejects.toThrow(
      'longer than ten years',
    );
  });

  test('export, import, export is identical; a cut or foreign import changes nothing', () => {
    const one = new ErrorAnalytics({ now });
    for (let minute = 0; minute < 30; minute += 1) one.recordError(error(minute), { environment: 'ci' });
    const exported = JSON.stringify(one.exportData());
    const two = new ErrorAnalytics({ now });
    two.importData(JSON.parse(exported));
    expect(JSON.stringify(two.exportData())).toBe(exported);
    const good = one.exportData();
    const [first, ...rest] = good.errors;
    expect(() => two.importData({ ...good, v: 2 })).toThrow('not an export');
    expect(() => two.importData({ ...good, errors: [...rest, { at: first?.at }] })).toThrow('errors.29');
    expect(() => two.importData(exported.slice(0, 50))).toThrow('not an export');
    expect(JSON.stringify(two.exportData())).toBe(exported);
  });

  test('memory is bounded, and the report says what was given up', async () => {
    const analytics = new ErrorAnalytics({ now, maxErrors: 100 });
    for (let index = 0; index < 250; index += 1) analytics.recordError(error(1));
    expect(await analytics.generateReport()).toMatchObject({ dropped: 150, summary: { total: 100 } });
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { settingsOf } from './settings.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'faultline-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: unknown): string {
  const name = path.join(folder, 'error_handling_config.json');
  writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

describe('options, environment, file, defaults', () => {
  it('go before one another in this order', () => {
    const configFile = file({
      errorHandling: { enableAnalytics: false, maxRetries: 1, baseDelay: 10 },
      integrations: { linear: { apiKey: 'from file', teamId: 'from file', apiUrl: 'https://file.test' } },
      monitoring: { logLevel: 'error' },
    });
    const env = { LINEAR_API_KEY: 'from env', LINEAR_TEAM_ID: 'from env', CODEGEN_ORG_ID: '7' };
    const settings = settingsOf(
      { configFile, integrations: { linear: { apiKey: 'from options' } }, errorHandling: { baseDelay: 20 } },
      env,
    );
    expect(settings).toMatchObject({
      analytics: false,
      patterns: true,
      linear: { apiKey: 'from options', teamId: 'from env', apiUrl: 'https://file.test' },
      codegen: { orgId: '7' },
      retry: { maxRetries: 1, baseDelay: 20 },
      logLevel: 'error',
      confidenceThreshold: 0.7,
      configFile,
    });
  });

  it('say what they do not use', () => {
    const configFile = file({
      monitoring: { enableMetrics: true },
      performance: { caching: { ttl: 5 } },
      extra: 1,
    });
    const { ignored } = settingsOf({ configFile }, { DATABASE_URL: 'postgresql://x' });
    expect(Object.keys(ignored).toSorted()).toEqual([
      'DATABASE_URL',
      'extra',
      'monitoring.enableMetrics',
      'performance.caching',
    ]);
  });

  it.each([
    [{ enableAnalytics: 'yes' }, 'enableAnalytics'],
    [{ errorHandling: { maxRetries: -1 } }, 'errorHandling.maxRetries'],
    [{ errorHandling: { strategy: 'random' } }, 'errorHandling.strategy'],
    [{ monitoring: { logLevel: 'loud' } }, 'monitoring.logLevel'],
    [{ enableAnalitics: true }, 'enableAnalitics'],
    [{ linearClient: 'key' }, 'linearClient'],
    [{ brokers: 'localhost:9092' }, 'registryUrl'],
    [{ configFile: '/nowhere/config.json' }, '/nowhere/config.json'],
  ])('name the field in %j', (options, field) => {
    expect(() => settingsOf({ configFile: false, ...options } as never, {})).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(field) as string,
      }) as Error,
    );
  });

  it('name the file that is no JSON, and the field of a file that is wrong', () => {
    expect(() => settingsOf({ configFile: file('{') }, {})).toThrow(/error_handling_config.json is no JSON/);
    expect(() => settingsOf({ configFile: file({ performance: { maxInFlight: 0 } }) }, {})).toThrow(
      /performance\.maxInFlight/,
    );
  });

  it('take brokers as a list or as one text', () => {
    const registryUrl = 'http://registry.test';
    const cluster = { brokers: ['a:1', 'b:2'], registryUrl };
    expect(settingsOf({ configFile: false, brokers: 'a:1, b:2', registryUrl }, {}).cluster).toEqual(cluster);
    expect(settingsOf({ configFile: false, brokers: ['a:1', 'b:2'], registryUrl }, {}).cluster).toEqual(
      cluster,
    );
    expect(settingsOf({ configFile: file({ integrations: { kafka: cluster } }) }, {}).cluster).toEqual(
      cluster,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { retrierConfigSchema } from './config.ts';
import { createExecutors } from './executors.ts';

describe('the configuration of the retrier', () => {
  it('stands at safe defaults', () => {
    expect(retrierConfigSchema.parse({})).toEqual({
      FAULTLINE_ATTEMPT_TIMEOUT_MS: 30_000,
      FAULTLINE_OUTBOUND_ALLOW: [],
      FAULTLINE_CREDENTIALS: {},
      FAULTLINE_REPUBLISH_TOPICS: [],
    });
  });

  it('names a wrong entry, and never a secret', () => {
    const wrong = retrierConfigSchema.safeParse({
      FAULTLINE_OUTBOUND_ALLOW: 'ci.internal, http://x',
      FAULTLINE_CREDENTIALS: '{"bot":{"headers":{"authorization":"Bearer s3cret"}}}',
    });
    const text = JSON.stringify(wrong.error?.issues);
    expect(text).toContain('http://x');
    expect(text).toContain('bot.hosts');
    expect(text).not.toContain('s3cret');
    expect(retrierConfigSchema.safeParse({ FAULTLINE_CREDENTIALS: '{' }).success).toBe(false);
  });

  it('offers publishing again only where the process can', () => {
    const config = retrierConfigSchema.parse({});
    const now = () => 0;
    expect(Object.keys(createExecutors(config, { now }))).toEqual(['http']);
    expect(
      Object.keys(createExecutors(config, { now, republish: { publish: async () => undefined } })),
    ).toEqual(['http', 'kafka']);
  });
});

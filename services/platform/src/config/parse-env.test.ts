import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { baseConfigSchema } from './base-config.ts';
import { parseEnv } from './parse-env.ts';

const needed = {
  FAULTLINE_BROKERS: 'a:9092, b:9092',
  FAULTLINE_REGISTRY_URL: 'http://registry:8081',
  DATABASE_URL: 'postgresql://u:p@h/d',
};

describe('parseEnv', () => {
  it('fills in the documented defaults', () => {
    const config = parseEnv(baseConfigSchema, needed);
    expect(config.FAULTLINE_BROKERS).toEqual(['a:9092', 'b:9092']);
    expect(config.FAULTLINE_HTTP_HOST).toBe('127.0.0.1');
  });

  it('names every wrong key at once, what it is for, and the remedy', () => {
    const bad = {
      ...needed,
      FAULTLINE_REGISTRY_URL: 'no url',
      FAULTLINE_HTTP_PORT: '99999',
      DATABASE_URL: undefined,
    };
    expect(() => parseEnv(baseConfigSchema, bad)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        remedy: expect.stringContaining('environment'),
        message: expect.stringMatching(
          /FAULTLINE_REGISTRY_URL[^]*DATABASE_URL|DATABASE_URL[^]*FAULTLINE_REGISTRY_URL/,
        ),
      }),
    );
    expect(() => parseEnv(baseConfigSchema, bad)).toThrow(/FAULTLINE_HTTP_PORT/);
  });

  it('reads a secret from a file, and prefers the variable', () => {
    const schema = z.object({ KEY: z.string() });
    const read = (path: string): string => `content of ${path}\n`;
    expect(parseEnv(schema, { KEY_FILE: '/run/secret' }, read).KEY).toBe('content of /run/secret');
    expect(parseEnv(schema, { KEY: 'direct', KEY_FILE: '/run/secret' }, read).KEY).toBe('direct');
  });

  it('names a file that cannot be read', () => {
    expect(() => parseEnv(z.object({ KEY: z.string() }), { KEY_FILE: '/nowhere/at/all' })).toThrow(
      /KEY_FILE.*ENOENT/,
    );
  });

  it('takes an empty variable as not given', () => {
    expect(parseEnv(z.object({ KEY: z.string().default('d') }), { KEY: '' }).KEY).toBe('d');
  });
});

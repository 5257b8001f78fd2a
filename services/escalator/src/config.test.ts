import { describe, expect, it } from 'vitest';
import { parseEnv } from '@faultline/platform';
import { configuredChannels } from './channels/configured-channels.ts';
import { escalatorConfigSchema } from './config.ts';

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const parse = (env: Readonly<Record<string, string>>) => parseEnv(escalatorConfigSchema, env);

describe('configuration of the escalator', () => {
  it('needs nothing: every channel is the mailbox then', () => {
    expect(configuredChannels(parse({}), Date.now)).toEqual({});
  });

  it('configures what is named', () => {
    const channels = configuredChannels(
      parse({
        LINEAR_API_KEY: 'k',
        LINEAR_TEAM_ID: 't',
        SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/secret',
        FAULTLINE_WEBHOOK_URL: 'https://example.com/hook?token=secret',
        FAULTLINE_WEBHOOK_SECRET: secret,
        SMTP_URL: 'smtps://user:secret@mail.example.com',
        FAULTLINE_MAIL_FROM: 'a@example.com',
        FAULTLINE_MAIL_TO: 'b@example.com, c@example.com',
        PAGERDUTY_ROUTING_KEY: 'secret',
        CODEGEN_API_KEY: 'secret',
        CODEGEN_ORG_ID: '1',
      }),
      Date.now,
    );
    expect(Object.keys(channels).sort()).toEqual([
      'codegen',
      'email',
      'linear',
      'pagerduty',
      'slack',
      'webhook',
    ]);
    // What is logged and hashed of a target holds no secret.
    expect(
      Object.values(channels)
        .map((channel) => channel?.target)
        .join(' '),
    ).not.toContain('secret');
  });

  it.each([
    [{ LINEAR_API_KEY: 'k' }, 'LINEAR_TEAM_ID: required where LINEAR_API_KEY is set'],
    [{ FAULTLINE_WEBHOOK_URL: 'https://x.example' }, 'FAULTLINE_WEBHOOK_SECRET: required'],
    [{ FAULTLINE_WEBHOOK_SECRET: 'plain' }, 'FAULTLINE_WEBHOOK_SECRET: whsec_'],
    [{ SMTP_URL: 'https://mail.example' }, 'SMTP_URL: smtp:// or smtps://'],
    [{ SMTP_URL: 'smtp://mail.example' }, 'FAULTLINE_MAIL_FROM: required'],
    [{ CODEGEN_API_KEY: 'k' }, 'CODEGEN_ORG_ID: required'],
    [{ SLACK_WEBHOOK_URL: 'hooks' }, 'SLACK_WEBHOOK_URL'],
  ])('says what is wrong with %j', (env, message) => {
    expect(() => parse(env as Record<string, string>)).toThrow(message);
  });
});

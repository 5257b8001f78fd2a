import type { EscalatorConfig } from '../config.ts';
import { outboundGuard } from '../outbound-guard.ts';
import type { Channels } from './channel.ts';
import { codegenChannel } from './codegen.ts';
import { emailChannel } from './email.ts';
import { linearChannel } from './linear.ts';
import { linearPort } from './linear-client.ts';
import { pagerdutyChannel } from './pagerduty.ts';
import { slackChannel } from './slack.ts';
import { webhookChannel } from './webhook.ts';

const parts = (list: string | undefined): readonly string[] =>
  (list ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The channels that the configuration names; what is not among them goes to the mailbox. */
export function configuredChannels(config: EscalatorConfig, now: () => number): Channels {
  const guard = outboundGuard(config.FAULTLINE_OUTBOUND_ALLOW);
  const shared = { guard, timeoutMs: config.FAULTLINE_EFFECT_TIMEOUT_MS, now };
  const {
    LINEAR_API_KEY: apiKey,
    LINEAR_TEAM_ID: teamId,
    SLACK_WEBHOOK_URL: slackUrl,
    FAULTLINE_WEBHOOK_URL: webhookUrl,
    FAULTLINE_WEBHOOK_SECRET: secret,
    SMTP_URL: smtpUrl,
    FAULTLINE_MAIL_FROM: from,
    PAGERDUTY_ROUTING_KEY: routingKey,
    CODEGEN_API_KEY: key,
    CODEGEN_ORG_ID: organization,
  } = config;
  const linear = {
    apiUrl: config.LINEAR_API_URL,
    labelIds: parts(config.LINEAR_LABEL_IDS),
    delegateId: config.LINEAR_DELEGATE_ID ?? null,
    ...shared,
  };
  return {
    ...(apiKey !== undefined && teamId !== undefined
      ? { linear: linearChannel(linearPort({ ...linear, apiKey, teamId }), config.LINEAR_API_URL) }
      : {}),
    ...(slackUrl !== undefined ? { slack: slackChannel({ url: slackUrl, ...shared }) } : {}),
    ...(webhookUrl !== undefined && secret !== undefined
      ? { webhook: webhookChannel({ url: webhookUrl, secret, ...shared }) }
      : {}),
    ...(smtpUrl !== undefined && from !== undefined
      ? { email: emailChannel({ url: smtpUrl, from, to: parts(config.FAULTLINE_MAIL_TO), ...shared }) }
      : {}),
    ...(routingKey !== undefined
      ? { pagerduty: pagerdutyChannel({ url: config.PAGERDUTY_URL, routingKey, ...shared }) }
      : {}),
    ...(key !== undefined && organization !== undefined
      ? { codegen: codegenChannel({ url: config.CODEGEN_API_URL, key, organization, ...shared }) }
      : {}),
  };
}

import { codegenAccess, startCodegen } from './codegen.ts';
import { linearAccess, startLinear } from './linear.ts';
import { pagerdutyKey, startPagerDuty } from './pagerduty.ts';
import { startSlack } from './slack.ts';
import { startSmtp } from './smtp.ts';
import type { StandIn } from './stand-in.ts';
import { startWebhook, webhookSecret } from './webhook.ts';

/** Names of the stand-ins, in the order of their ports behind the base. */
export const standInNames = ['linear', 'slack', 'webhook', 'smtp', 'pagerduty', 'codegen'] as const;
/** Name of a stand-in. */
export type StandInName = (typeof standInNames)[number];

/** All stand-ins, running. */
export interface StandIns {
  readonly byName: Readonly<Record<StandInName, StandIn>>;
  /** Environment that points the product at them. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

const starters: Readonly<Record<StandInName, (port: number) => Promise<StandIn>>> = {
  linear: startLinear,
  slack: startSlack,
  webhook: startWebhook,
  smtp: startSmtp,
  pagerduty: startPagerDuty,
  codegen: startCodegen,
};

/** Starts them on the ports behind `base`, or on free ones where it is 0. */
export async function startStandIns(base = 0): Promise<StandIns> {
  const started: [StandInName, StandIn][] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map(async ([, standIn]) => standIn.stop()));
  };
  try {
    for (const [index, name] of standInNames.entries()) {
      started.push([name, await starters[name](base === 0 ? 0 : base + index)]);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const byName = Object.fromEntries(started) as Record<StandInName, StandIn>;
  return { byName, env: environmentOf(byName), stop };
}

function environmentOf(byName: Readonly<Record<StandInName, StandIn>>): Readonly<Record<string, string>> {
  return {
    LINEAR_API_URL: byName.linear.url,
    LINEAR_API_KEY: linearAccess.key,
    LINEAR_TEAM_ID: linearAccess.team,
    SLACK_WEBHOOK_URL: byName.slack.url,
    FAULTLINE_WEBHOOK_URL: byName.webhook.url,
    FAULTLINE_WEBHOOK_SECRET: webhookSecret,
    SMTP_URL: byName.smtp.url,
    FAULTLINE_MAIL_FROM: 'faultline@example.com',
    FAULTLINE_MAIL_TO: 'oncall@example.com',
    PAGERDUTY_URL: byName.pagerduty.url,
    PAGERDUTY_ROUTING_KEY: pagerdutyKey,
    CODEGEN_API_URL: byName.codegen.url,
    CODEGEN_API_KEY: codegenAccess.key,
    CODEGEN_ORG_ID: codegenAccess.organization,
    FAULTLINE_OUTBOUND_ALLOW: '127.0.0.1',
  };
}

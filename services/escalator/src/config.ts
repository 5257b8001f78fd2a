import { z } from 'zod';

const positive = z.coerce.number().int().positive();

/**
 * What the escalator reads besides what every service does. A channel whose address is not set is not
 * configured: its notices go to the mailbox. Each key may be given as a file by KEY_FILE.
 */
export const escalatorConfigSchema = z
  .object({
    LINEAR_API_KEY: z.string().min(1).optional().describe('Key of the Linear API.'),
    LINEAR_TEAM_ID: z.string().min(1).optional().describe('Team that the tickets go to.'),
    LINEAR_API_URL: z.url().default('https://api.linear.app/graphql').describe('GraphQL endpoint of Linear.'),
    LINEAR_LABEL_IDS: z.string().optional().describe('Labels of the tickets, ids separated by commas.'),
    LINEAR_DELEGATE_ID: z
      .string()
      .optional()
      .describe('Agent user that tickets of the level codegen are delegated to.'),
    SLACK_WEBHOOK_URL: z.url().optional().describe('Incoming webhook of a Slack channel.'),
    FAULTLINE_WEBHOOK_URL: z.url().optional().describe('Endpoint that gets signed webhooks.'),
    FAULTLINE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'whsec_ and the base64 of 24 to 64 bytes')
      .optional()
      .describe(
        'Secret that webhooks are signed with; several separated by spaces while one replaces another.',
      ),
    SMTP_URL: z
      .string()
      .regex(/^smtps?:\/\//, 'smtp:// or smtps://')
      .optional()
      .describe('Mail server, as smtp://user:password@host:port.'),
    FAULTLINE_MAIL_FROM: z.string().min(3).optional().describe('Sender of mails.'),
    FAULTLINE_MAIL_TO: z.string().min(3).optional().describe('Receivers of mails, separated by commas.'),
    PAGERDUTY_URL: z
      .url()
      .default('https://events.pagerduty.com')
      .describe('Base URL of the PagerDuty Events API.'),
    PAGERDUTY_ROUTING_KEY: z.string().min(1).optional().describe('Integration key of a PagerDuty service.'),
    CODEGEN_API_URL: z.url().default('https://api.codegen.com').describe('Base URL of the Codegen API.'),
    CODEGEN_API_KEY: z.string().min(1).optional().describe('Key of the Codegen API.'),
    CODEGEN_ORG_ID: z.string().min(1).optional().describe('Organization of the agent runs.'),
    FAULTLINE_PUBLIC_URL: z
      .url()
      .optional()
      .describe('Where people find the page of Faultline, for links in tickets and messages.'),
    FAULTLINE_OUTBOUND_ALLOW: z
      .string()
      .default('')
      .describe(
        'Hosts, addresses and ranges (CIDR) that may be called although they are not public, separated by commas.',
      ),
    FAULTLINE_EFFECT_TIMEOUT_MS: positive
      .default(15_000)
      .describe('Time that one call to an outside system may take.'),
    FAULTLINE_EFFECT_CONCURRENCY: positive.max(50).default(4).describe('Calls at the same time.'),
    FAULTLINE_AUDIT_MS: positive
      .default(5_000)
      .describe('How often incidents and effects that are due and not taken are looked for.'),
  })
  .superRefine((config, context) => {
    const together = [
      ['LINEAR_API_KEY', 'LINEAR_TEAM_ID'],
      ['FAULTLINE_WEBHOOK_URL', 'FAULTLINE_WEBHOOK_SECRET'],
      ['SMTP_URL', 'FAULTLINE_MAIL_FROM'],
      ['SMTP_URL', 'FAULTLINE_MAIL_TO'],
      ['CODEGEN_API_KEY', 'CODEGEN_ORG_ID'],
    ] as const;
    for (const [given, needed] of together) {
      if (config[given] !== undefined && config[needed] === undefined) {
        context.addIssue({ code: 'custom', path: [needed], message: `required where ${given} is set` });
      }
    }
  });

/** Parsed configuration of the escalator. */
export type EscalatorConfig = z.infer<typeof escalatorConfigSchema>;

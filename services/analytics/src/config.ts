import { z } from 'zod';

const positive = z.coerce.number().int().positive();

/** Roles of the API, each with all that the one before it may do. */
export const roles = ['viewer', 'operator', 'admin'] as const;
/** Role of a caller of the API. */
export type Role = (typeof roles)[number];

/** A token and what its bearer may do. */
export interface ApiToken {
  readonly role: Role;
  readonly token: string;
}

const tokens = z.string().transform((list, context): readonly ApiToken[] =>
  list.split(',').flatMap((entry): readonly ApiToken[] => {
    const [role, token] = entry.trim().split(':');
    const known = roles.find((name) => name === role);
    if (known !== undefined && token !== undefined && token.length >= 16) return [{ role: known, token }];
    context.addIssue({
      code: 'custom',
      message:
        'must be role:token pairs separated by commas; roles are viewer, operator and admin; a token has at least 16 characters',
    });
    return [];
  }),
);

/** What the analytics service reads beside the base configuration. */
export const analyticsConfigSchema = z.object({
  FAULTLINE_HISTORY_DAYS: positive
    .default(400)
    .describe('Days that outcomes, records and observations are kept; whole days are dropped.'),
  FAULTLINE_MINUTES_DAYS: positive.default(90).describe('Days that sums by minute are kept.'),
  FAULTLINE_LEDGER_INTERVAL_MS: positive
    .default(1_000)
    .describe('Time between two checks of the line ledger.'),
  FAULTLINE_API_TOKENS: tokens
    .optional()
    .describe(
      'Tokens of the API, role:token separated by commas. Without any, everybody who reaches the interface is admin, and the service refuses an interface other than loopback.',
    ),
  FAULTLINE_API_RATE_PER_MINUTE: positive
    .default(1_200)
    .describe('Requests a minute that one address may send.'),
  FAULTLINE_DIAGNOSIS_MINUTES: z.coerce
    .number()
    .nonnegative()
    .default(20)
    .describe('Minutes of a person that one escalated error costs, for ranking by cost.'),
  FAULTLINE_MACHINE_MINUTE_COST: z.coerce
    .number()
    .nonnegative()
    .default(0.01)
    .describe('Cost of a minute of a runner, in the currency of the reports.'),
  FAULTLINE_PERSON_MINUTE_COST: z.coerce
    .number()
    .nonnegative()
    .default(1)
    .describe('Cost of a minute of a person.'),
});

/** Parsed configuration of the analytics service. */
export type AnalyticsConfig = z.infer<typeof analyticsConfigSchema>;

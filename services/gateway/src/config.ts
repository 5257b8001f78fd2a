import { z } from 'zod';

const positive = z.coerce.number().int().positive();
const names = z
  .string()
  .default('')
  .transform((list) => list.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])));

/** What the gateway reads beside the base configuration. */
export const gatewayConfigSchema = z.object({
  FAULTLINE_INGEST_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      'Bearer token that /v1 asks for, at least 16 characters; without it anyone who reaches the port may send.',
    ),
  FAULTLINE_GITHUB_WEBHOOK_SECRET: z
    .string()
    .optional()
    .describe('Secret of the GitHub webhook; without it its deliveries are turned away.'),
  FAULTLINE_SENTRY_KEYS: names.describe(
    'Public keys of Sentry DSNs that may send, separated by commas; without them any may.',
  ),
  FAULTLINE_INGEST_PER_MINUTE: positive
    .default(60_000)
    .describe('Requests that one address may make in a minute.'),
  FAULTLINE_INGEST_BODY_BYTES: positive
    .default(16 * 1_048_576)
    .describe('Largest body of a request, decompressed.'),
  FAULTLINE_INGEST_ACK_MS: positive
    .default(15_000)
    .describe('Time in which the broker must acknowledge before the answer is 503.'),
});

/** Parsed configuration of the gateway. */
export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;

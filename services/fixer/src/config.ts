import { z } from 'zod';

/** What the fixer reads besides the base configuration. Keys are environment variables. */
export const fixerConfigSchema = z.object({
  FAULTLINE_FIXES: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether fixes are proposed; off, each record goes on, declined.'),
});

/** Parsed configuration of the fixer. */
export type FixerConfig = z.infer<typeof fixerConfigSchema>;

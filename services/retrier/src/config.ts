import { z } from 'zod';
import { outboundGuard } from './executors/outbound-guard.ts';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

const allowList = list.superRefine((entries, context) => {
  try {
    outboundGuard(entries);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

const credentials = z.record(
  z.string().min(1),
  z.strictObject({ headers: z.record(z.string(), z.string()), hosts: z.array(z.string().min(1)).min(1) }),
);

const credentialsText = z
  .string()
  .default('{}')
  .transform((text, context) => {
    try {
      const parsed = credentials.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
      // The message names fields alone: the value holds secrets.
      const fields = parsed.error.issues.map(({ path }) => path.join('.'));
      context.addIssue({ code: 'custom', message: `wrong at ${fields.join(', ')}` });
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' });
    }
    return z.NEVER;
  });

/** What the retrier reads besides the base configuration. Keys are environment variables. */
export const retrierConfigSchema = z.object({
  FAULTLINE_ATTEMPT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .positive()
    .default(30_000)
    .describe('How long one run of an operation may take where its event does not say.'),
  FAULTLINE_OUTBOUND_ALLOW: allowList.describe(
    'Hosts, host:port, addresses and ranges that may be called though they are not public, separated by commas.',
  ),
  FAULTLINE_CREDENTIALS: credentialsText.describe(
    'JSON: name to {"headers": {…}, "hosts": […]}; events refer to the name, and the headers go to these hosts alone.',
  ),
  FAULTLINE_REPUBLISH_TOPICS: list.describe(
    'Topics that records may be published to again, separated by commas.',
  ),
});

/** Parsed configuration of the retrier. */
export type RetrierConfig = z.infer<typeof retrierConfigSchema>;

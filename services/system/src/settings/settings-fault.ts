import { Fault } from '@faultline/stream';
import type { z } from 'zod';

/** Every problem with its field, and what to do. */
export function settingsFault(what: string, error: z.ZodError): Fault {
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  return new Fault('CONFIG_INVALID', `${what}:\n  ${problems.join('\n  ')}`, {
    remedy: 'correct the fields named above; what may be given is in the type ErrorHandlingSystemOptions',
  });
}

import { createRedactor, redactEvent } from '@faultline/classifier';
import { cutLog } from '@faultline/stream';
import type { Cleaning } from './domain/line-in.ts';

/** Cleans by the classifier's own redaction, and cuts logs to what travels. */
export function createCleaning(): Cleaning {
  const redactor = createRedactor();
  const optional = (value: string | null): string | null => (value === null ? null : redactor.text(value));
  return {
    event: (event) => {
      if (event.log === null) return redactEvent(event, redactor);
      // cut first: redaction reads every byte that it is given
      const cut = cutLog(event.log.text, undefined, event.log.pointer);
      const omittedLines = (event.log.omittedLines ?? 0) + (cut.omittedLines ?? 0);
      const log = {
        ...cut,
        truncated: cut.truncated || event.log.truncated,
        omittedLines: cut.truncated || event.log.truncated ? omittedLines : event.log.omittedLines,
      };
      return redactEvent({ ...event, log }, redactor);
    },
    observation: (observation) => ({
      ...observation,
      logSample: optional(observation.logSample === null ? null : cutLog(observation.logSample).text),
      labels: Object.fromEntries(
        Object.entries(observation.labels).map(([name, value]) => [
          name,
          redactor.isSensitiveKey(name) ? '[redacted:named-secret]' : redactor.text(value),
        ]),
      ),
    }),
  };
}

import { createRedactor, cutAroundRegion, redactEvent } from '@faultline/classifier';
import { cutLog, SENT_LOG_BYTES } from '@faultline/stream';
import type { Cleaning } from './domain/line-in.ts';

/** Cleans by the classifier's own redaction, and cuts logs to what travels, around what explains the failure. */
export function createCleaning(): Cleaning {
  const redactor = createRedactor();
  const optional = (value: string | null): string | null => (value === null ? null : redactor.text(value));
  return {
    event: (event) => {
      const { log } = event;
      if (log === null || Buffer.byteLength(log.text) <= SENT_LOG_BYTES) return redactEvent(event, redactor);
      const cut = cutAroundRegion(log.text, SENT_LOG_BYTES, log.pointer);
      const omittedLines = (log.omittedLines ?? 0) + (cut.omittedLines ?? 0);
      return redactEvent({ ...event, log: { ...cut, truncated: true, omittedLines } }, redactor);
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

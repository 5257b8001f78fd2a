import { z } from 'zod';
import type { ClassifierDeps } from './stage.ts';

/** Configuration of the classifier, by environment variable. */
export const classifierConfig = z.object({
  /** Below this confidence the answer is unknown, 0 to 1. */
  CLASSIFIER_CONFIDENCE_THRESHOLD: z.coerce.number().min(0).max(1).default(0.7),
  /** Whether the model may decide where no rule and no learned pattern does. */
  CLASSIFIER_ML: z.stringbool().default(true),
  /** More key names whose values are secret, parted by commas. */
  CLASSIFIER_REDACT_KEYS: z
    .string()
    .default('')
    .transform((names) =>
      names
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  /** Whether card numbers are redacted. */
  CLASSIFIER_REDACT_CARDS: z.stringbool().default(true),
});

/** Configuration of the classifier, read. */
export type ClassifierConfig = z.infer<typeof classifierConfig>;

/** What the stage is made with, from the configuration. */
export function depsOf(config: ClassifierConfig): ClassifierDeps {
  return {
    enableMLClassification: config.CLASSIFIER_ML,
    confidenceThreshold: config.CLASSIFIER_CONFIDENCE_THRESHOLD,
    redact: { keys: config.CLASSIFIER_REDACT_KEYS, cardNumbers: config.CLASSIFIER_REDACT_CARDS },
  };
}

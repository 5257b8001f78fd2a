import { errorEvent, type Classification, type ErrorEvent } from '@faultline/schemas';
import type { Knowledge } from '@faultline/stream';
import { classifyWhole } from './classify-text.ts';
import type { ClassifierBodies } from './domain/knowledge.ts';
import type { RedactOptions } from './domain/redact/redactor.ts';

/** How the classifier is set up when it is used alone. */
export interface ErrorClassifierOptions {
  /** Whether the model may decide where no rule and no learned pattern does; true where absent. */
  readonly enableMLClassification?: boolean;
  /** Below this confidence the answer is unknown, 0 to 1; 0.7 where absent. */
  readonly confidenceThreshold?: number;
  /** What is known beside what ships. */
  readonly knowledge?: Knowledge<ClassifierBodies>;
  readonly redact?: RedactOptions;
}

/** What the caller knows: fields of an event by their names, anything else goes to its context. */
export type ErrorContext = Partial<ErrorEvent> & Readonly<Record<string, unknown>>;

/** Anything that can be thrown, and events. */
export type Classifiable = Error | string | Partial<ErrorEvent> | null | undefined;

/** The classifier alone, for programs that handle their own errors. */
export class ErrorClassifier {
  readonly #options: ErrorClassifierOptions;

  constructor(options: ErrorClassifierOptions = {}) {
    const { confidenceThreshold } = options;
    if (confidenceThreshold !== undefined && !(confidenceThreshold >= 0 && confidenceThreshold <= 1)) {
      throw new RangeError(`confidenceThreshold is ${confidenceThreshold}; it has to be between 0 and 1`);
    }
    this.#options = options;
  }

  /** Decides what kind of failure an error, a text or an event is. Secrets are taken out first. Never rejects for what the error holds. */
  async classifyError(error: Classifiable, context: ErrorContext = {}): Promise<Classification> {
    await Promise.resolve();
    return classifyWhole(eventOf(error, context), this.#options).classification;
  }
}

const known = Object.keys(errorEvent({ id: '', time: 0, source: '', message: '' }));

/** An event from whatever was thrown and what the caller knows beside it. */
export function eventOf(error: Classifiable, context: ErrorContext = {}): ErrorEvent {
  const fields = Object.fromEntries(
    Object.entries(context).filter(
      ([name, value]) => known.includes(name) && value !== undefined && name !== 'context',
    ),
  ) as Partial<ErrorEvent>;
  const rest = Object.entries(context).filter(
    (entry): entry is [string, string | number | boolean] =>
      !known.includes(entry[0]) && ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return errorEvent({
    id: 'local',
    time: 0,
    source: 'local',
    ...described(error),
    ...fields,
    message: fields.message ?? described(error).message,
    context: { ...(typeof context.context === 'object' ? context.context : {}), ...Object.fromEntries(rest) },
  });
}

/** How many causes of an error are followed. */
const MAX_CAUSES = 8;

function described(error: Classifiable): Partial<ErrorEvent> & { readonly message: string } {
  if (error instanceof Error) {
    const root = rootCause(error);
    const code = (root as { readonly code?: unknown }).code;
    return {
      message:
        typeof code === 'string' && !root.message.includes(code) ? `${code}: ${root.message}` : root.message,
      type: root.name,
      stack: typeof root.stack === 'string' ? root.stack : null,
    };
  }
  if (typeof error === 'object' && error !== null)
    return { ...error, message: typeof error.message === 'string' ? error.message : '' };
  return { message: error === null || error === undefined ? '' : String(error) };
}

function rootCause(error: Error): Error {
  let root = error;
  for (let step = 0; step < MAX_CAUSES && root.cause instanceof Error; step += 1) root = root.cause;
  return root;
}

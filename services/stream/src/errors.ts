/** Every failure that the product itself names. */
export const faultCodes = [
  'CONFIG_INVALID',
  'KNOWLEDGE_INVALID',
  'DEPENDENCY_DOWN',
  'OFFSET_OUT_OF_RANGE',
  'TOPIC_RECREATED',
  'TOPIC_MISCONFIGURED',
  'PARTITIONS_CHANGED',
  'DEAD_LETTER_LIMIT',
  'STAGE_CONTRACT',
  'INPUT_INVALID',
  'NOT_FOUND',
  'UNREACHABLE',
  'OVERLOADED',
  'STOPPED',
] as const;
/** Code of a failure. */
export type FaultCode = (typeof faultCodes)[number];

/**
 * A failure with a code and a remedy. Whether waiting can help is a property of the error: what is not
 * retryable, and whatever is not a Fault at all, stops the work loudly.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly retryable: boolean;
  readonly remedy: string;

  constructor(
    code: FaultCode,
    message: string,
    options: { readonly remedy: string; readonly retryable?: boolean; readonly cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.remedy = options.remedy;
  }
}

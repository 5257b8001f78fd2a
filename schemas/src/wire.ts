/** Why bytes are not a record in the Confluent wire format. */
export const wireFaults = [
  'empty',
  'bad-magic',
  'truncated',
  'trailing-bytes',
  'unknown-schema',
  'schema-mismatch',
] as const;
/** Why bytes are not a record in the Confluent wire format. */
export type WireFault = (typeof wireFaults)[number];

/** Bytes that never become a record, however often they are read: a dead letter, not a retry. */
export class UndecodableError extends Error {
  readonly fault: WireFault;
  constructor(fault: WireFault, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'UndecodableError';
    this.fault = fault;
  }
}

/** Bytes before the Avro body: a zero byte and the schema id as a big-endian int32. */
export const WIRE_HEADER_BYTES = 5;

/** Schema id of a framed value. Throws {@link UndecodableError} where there is no frame. */
export function schemaIdOf(value: Buffer | null): number {
  if (value === null || value.length === 0) {
    throw new UndecodableError(
      'empty',
      'the value is empty; a record needs a value in the Confluent wire format',
    );
  }
  if (value[0] !== 0) {
    throw new UndecodableError(
      'bad-magic',
      `the value begins with byte ${value[0]}, not with the magic byte 0 of the Confluent wire format`,
    );
  }
  if (value.length < WIRE_HEADER_BYTES) {
    throw new UndecodableError('truncated', `the value has ${value.length} bytes, fewer than the frame of 5`);
  }
  return value.readInt32BE(1);
}

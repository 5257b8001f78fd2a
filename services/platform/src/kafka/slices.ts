import type { KafkaMessage } from 'kafkajs';

/** One record as it was read. */
export interface InputSlice {
  readonly offset: number;
  /** When the broker took it, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer>>;
}

/** One record to be written, to a partition that was chosen. */
export interface OutputRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | string>>;
}

/** Bytes of a slice, for limits on the size of a transaction. */
export const sliceBytes = (slice: InputSlice): number =>
  (slice.value?.length ?? 0) + (slice.key?.length ?? 0);

/** A message of kafkajs as a slice; of a header with several values the last counts. */
export function sliceOf(message: KafkaMessage): InputSlice {
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: headersOf(message.headers),
  };
}

function headersOf(headers: KafkaMessage['headers']): Readonly<Record<string, Buffer>> {
  if (headers === undefined) return {};
  const out: Record<string, Buffer> = {};
  for (const [name, given] of Object.entries(headers)) {
    const value = Array.isArray(given) ? given.at(-1) : given;
    if (value !== undefined) out[name] = Buffer.isBuffer(value) ? value : Buffer.from(value);
  }
  return out;
}

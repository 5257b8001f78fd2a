import type { ErrorRecord } from '@faultline/schemas';
import { hashOf } from '@faultline/stream';

/** Digits of a key: 128 bits. */
const KEY_DIGITS = 32;

/**
 * Idempotency key of a retry: hash of coordinate, round and number. The same decision again gives the same
 * key, so one retry runs once whatever is killed between decision and run.
 */
export function attemptKey(record: ErrorRecord, number: number): string {
  const { topicId, partition, offset } = record.coordinate;
  return hashOf('attempt', topicId, partition, offset, record.round, number).slice(0, KEY_DIGITS);
}

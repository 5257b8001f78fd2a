import { createHash } from 'node:crypto';
import type { Coordinate, ErrorRecord } from '@faultline/schemas';
import type { Random, StageName } from './stage.ts';

/** SHA-256 of parts that no concatenation can confuse, in hex. */
export function hashOf(...parts: readonly (string | number)[]): string {
  let joined = '';
  for (const part of parts) {
    const text = String(part);
    joined += `${text.length}:${text};`;
  }
  return createHash('sha256').update(joined).digest('hex');
}

/** Digits of a transition id: 128 bits. */
const TRANSITION_ID_DIGITS = 32;

/**
 * Id of a transition: hash of coordinate, stage, round, attempt and sequence. Attempt is the number of
 * runs so far, sequence the hops so far, so that no two transitions of a record share an id and a
 * repeated decision gives the same one.
 */
export function transitionId(record: ErrorRecord, stage: StageName): string {
  const attempts = record.retry?.attempts.length ?? 0;
  const { topicId, partition, offset } = record.coordinate;
  return hashOf('transition', topicId, partition, offset, stage, record.round, attempts, record.hops).slice(
    0,
    TRANSITION_ID_DIGITS,
  );
}

/** The same for bytes that never became a record. */
export function deadLetterTransitionId(coordinate: Coordinate, stage: StageName): string {
  const { topicId, partition, offset } = coordinate;
  return hashOf('dead-letter', topicId, partition, offset, stage).slice(0, TRANSITION_ID_DIGITS);
}

/** Mulberry32 (T. Ettinger, public domain), seeded by an id: the random of one decision. */
export function seededRandom(id: string): Random {
  let state: number | undefined; // most decisions draw nothing, so the seed is made at the first draw
  return () => {
    state ??= Number.parseInt(hashOf('random', id).slice(0, 8), 16);
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { growing } from './growing.ts';

/** A learned wait moves the first delay by at most this factor away from the base, in either direction. */
const REACH = 64;

/**
 * Exponential from the wait after which such failures used to be over; from the base where nothing is known.
 * A wait that was learned from a few odd cases cannot turn retrying into hammering or into never.
 */
export const adaptive = growing((made, { baseMs, factor, learnedMs }) => {
  const first = learnedMs === null ? baseMs : Math.min(baseMs * REACH, Math.max(baseMs / REACH, learnedMs));
  return first * factor ** made;
});

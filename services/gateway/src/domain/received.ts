import type { ErrorEvent, InputProblem, Observation } from '@faultline/schemas';

/** What a payload holds: errors, and what the world did. */
export interface Received {
  readonly events: readonly ErrorEvent[];
  readonly observations: readonly Observation[];
}

/** What an adapter makes of a payload. `ignored` says why a well-formed payload holds nothing for us. */
export type Adapted =
  | ({ readonly ok: true; readonly ignored?: string } & Received)
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/** What adapters are given beside the payload: values, so that the same payload gives the same events. */
export interface Reception {
  /** When the payload came, in milliseconds since the epoch. */
  readonly now: number;
  /** An id for what brings none of its own; another one at each call. */
  readonly newId: () => string;
}

/** A payload that nobody can read. */
export const unreadable = (problem: string, remedy: string, field = ''): Adapted => ({
  ok: false,
  problems: [{ field, problem, remedy }],
});

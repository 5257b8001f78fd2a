import type { Coordinate, ErrorEvent, Observation } from '@faultline/schemas';

/** The way into the line. Both reject where the broker did not acknowledge everything. */
export interface LineIn {
  /** Sends errors to errors.raw with acks=all; the coordinates are in the order of the events. */
  readonly sendErrors: (events: readonly ErrorEvent[]) => Promise<readonly Coordinate[]>;
  /** Sends observations to errors.feedback with acks=all. */
  readonly sendObservations: (observations: readonly Observation[]) => Promise<void>;
}

/** The broker did not acknowledge in time, or cannot be reached; what was sent may or may not have been taken. */
export class LineUnavailableError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'LineUnavailableError';
  }
}

/** What cleans records before they are sent: neither a secret nor more of a log than travels leaves the gateway. */
export interface Cleaning {
  readonly event: (event: ErrorEvent) => ErrorEvent;
  readonly observation: (observation: Observation) => Observation;
}

import { openRecord, type Coordinate, type ErrorEvent, type ErrorRecord } from '@faultline/schemas';

/** Opens the envelope for an event that was read from errors.raw. */
export type Admission = (event: ErrorEvent, coordinate: Coordinate, receivedAt: number) => ErrorRecord;

/** Admission with a fixed time to the deadline. */
export const admission =
  (deadlineMs: number): Admission =>
  (event, coordinate, receivedAt) =>
    openRecord(event, coordinate, receivedAt, receivedAt + deadlineMs);

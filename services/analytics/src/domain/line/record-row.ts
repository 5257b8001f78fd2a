import type { Coordinate, OutcomeTo } from '@faultline/schemas';

/** Where a record stands: the fold of its outcomes. Times in milliseconds since the epoch. */
export interface RecordRow {
  readonly coordinate: Coordinate;
  readonly eventId: string | null;
  /** When the broker took it. */
  readonly receivedAt: number;
  /** When the error happened, as far as the producer's clock can be believed; else when it was received. */
  readonly occurredAt: number;
  readonly deadline: number;
  readonly updatedAt: number;
  /** When it came to its end, or null while it is in flight. */
  readonly endedAt: number | null;
  /** First run of a retry, applied fix or escalation. */
  readonly firstActionAt: number | null;
  /** When the next retry is due, while it waits for one. */
  readonly nextAt: number | null;
  readonly state: OutcomeTo;
  /** Stage that brought it into this state. */
  readonly stage: string;
  readonly reason: string | null;
  readonly hops: number;
  readonly round: number;
  /** Runs of the operation beyond the first. */
  readonly attempts: number;
  readonly attemptMs: number;
  readonly fixProposed: boolean;
  readonly fixApplied: boolean;
  readonly category: string | null;
  readonly errorType: string | null;
  readonly severity: string | null;
  readonly environment: string | null;
  readonly repository: string | null;
  readonly fingerprint: string | null;
  readonly title: string | null;
  readonly tool: string | null;
  readonly operation: string | null;
  /** Level of the ladder and incident, where it is escalated. */
  readonly level: string | null;
  readonly incidentId: string | null;
  /** First sixteen hex digits of each transition that is in, one after the other. */
  readonly seen: string;
}

/** The four ends of the line ledger, in its order. */
const endOf: Readonly<Partial<Record<OutcomeTo, number>>> = {
  resolved: 0,
  suppressed: 1,
  'dead-lettered': 2,
  escalated: 3,
};

/** Which end a state is, or -1 where the record is in flight. */
export const endIndex = (state: OutcomeTo): number => endOf[state] ?? -1;

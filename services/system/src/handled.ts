import type {
  Classification,
  Coordinate,
  ErrorRecord,
  Escalation,
  FixState,
  Outcome,
  OutcomeTo,
  RetryState,
} from '@faultline/schemas';
import type { EscalationResult } from '@faultline/escalator';
import type { Ending } from '@faultline/stream';

/** Where an error went: how the line ended it, or `accepted` where a cluster took it. */
export type HandledState = OutcomeTo | 'accepted';

/** An escalation, with how each channel was told of it: sent, or kept in the mailbox of this process. */
export type HandledEscalation = Escalation & {
  readonly notices: EscalationResult['notices'];
};

/** What {@link ErrorHandlingSystem.handleError} gives. */
export interface Handled {
  /** Whether the error is resolved: the operation was run again and succeeded. */
  readonly success: boolean;
  readonly state: HandledState;
  /** Identity of the error. */
  readonly id: string;
  /** The last decision in words: why it ended as it did, or why nothing more could be done. */
  readonly message: string;
  readonly classification: Classification | null;
  /** What retrying came to; `decision` is `no-way-to-rerun` where the caller gave none. */
  readonly retry: RetryState | null;
  readonly fix: FixState | null;
  readonly escalation: HandledEscalation | null;
  /** What the operation gave when it was run again and succeeded. */
  readonly value: unknown;
  /** Where the brokers took it, in a cluster. */
  readonly coordinate: Coordinate | null;
  /** From the call to the end, in milliseconds. */
  readonly durationMs: number;
}

/** What came of a record that has left the line in this process. */
export function handled(
  { ended, state, record, outcome }: Ending,
  extra: Pick<Handled, 'escalation' | 'value' | 'durationMs'>,
): Handled {
  const success = ended && state === 'resolved';
  return {
    success,
    state,
    id: record.event.id,
    message: ended ? why(record, outcome) : 'the system was shut down before the error had ended',
    classification: record.classification,
    retry: record.retry,
    fix: record.fix,
    coordinate: null,
    ...extra,
    value: success ? extra.value : undefined,
  };
}

function why(record: ErrorRecord, outcome: Outcome | null): string {
  const last = outcome?.why ?? '';
  const { retry } = record;
  return retry?.decision === 'no-way-to-rerun'
    ? `${last}; it was not run again: give context.rerun, or registerOperation(${JSON.stringify(record.event.operation ?? 'name')}, fn)`
    : last;
}

/** What came of an error that a cluster took. */
export const accepted = (
  id: string,
  coordinate: Coordinate,
  message: string,
  durationMs: number,
): Handled => ({
  success: false,
  state: 'accepted',
  id,
  message,
  classification: null,
  retry: null,
  fix: null,
  escalation: null,
  value: undefined,
  coordinate,
  durationMs,
});

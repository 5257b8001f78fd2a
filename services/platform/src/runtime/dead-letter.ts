import type { DeadLetterReason, StageName } from '@faultline/stream';
import type { InputSlice, OutputRecord } from '../kafka/slices.ts';

/** Where and why a record was given up. */
export interface DeadLetterCause {
  readonly topic: string;
  readonly partition: number;
  readonly stage: StageName;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly exceptionClass: string;
  readonly at: number;
}

const MAX_DETAIL_CHARACTERS = 2_000;

/** The dead letter: key, value and headers as they were read, and the cause in headers. */
export function deadLetterOf(slice: InputSlice, cause: DeadLetterCause, partitions: number): OutputRecord {
  return {
    topic: 'errors.dead-letter',
    partition: cause.partition % partitions,
    key: slice.key,
    value: slice.value,
    headers: {
      ...slice.headers,
      '__connect.errors.topic': cause.topic,
      '__connect.errors.partition': String(cause.partition),
      '__connect.errors.offset': String(slice.offset),
      '__connect.errors.timestamp': String(slice.timestamp),
      '__connect.errors.stage': cause.stage,
      '__connect.errors.reason': cause.reason,
      '__connect.errors.exception.class.name': cause.exceptionClass,
      '__connect.errors.exception.message': cause.detail.slice(0, MAX_DETAIL_CHARACTERS),
      '__connect.errors.at': String(cause.at),
    },
  };
}

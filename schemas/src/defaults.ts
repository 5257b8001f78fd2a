import type { Coordinate, ErrorEvent, ErrorRecord } from './events.ts';

/** What an event must have, and whatever else of it is known. */
export type ErrorEventInput = Pick<ErrorEvent, 'id' | 'time' | 'source' | 'message'> & Partial<ErrorEvent>;

/** A whole event: the fields that are not given stand at the defaults of the schema. */
export function errorEvent(input: ErrorEventInput): ErrorEvent {
  return {
    type: null,
    stack: null,
    log: null,
    exitCode: null,
    signal: null,
    severityHint: null,
    environment: null,
    repository: null,
    commit: null,
    ref: null,
    pipeline: null,
    run: null,
    task: null,
    attempt: null,
    runner: null,
    agent: null,
    labels: {},
    context: {},
    operation: null,
    rerun: null,
    fingerprint: [],
    redriveOf: null,
    ...input,
  };
}

/** The envelope as it is when the broker has taken an event and no stage has seen it. */
export function openRecord(
  event: ErrorEvent,
  coordinate: Coordinate,
  receivedAt: number,
  deadline: number,
): ErrorRecord {
  return {
    coordinate,
    event,
    receivedAt,
    clockSkewMs: null,
    classification: null,
    retry: null,
    fix: null,
    escalation: null,
    round: 0,
    hops: 0,
    deadline,
    versions: {},
  };
}

/** A coordinate as text: `topicId/partition/offset`. */
export const coordinateText = (at: Coordinate): string => `${at.topicId}/${at.partition}/${at.offset}`;

/** Whether two coordinates name the same record. */
export const sameCoordinate = (a: Coordinate, b: Coordinate): boolean =>
  a.offset === b.offset && a.partition === b.partition && a.topicId === b.topicId;

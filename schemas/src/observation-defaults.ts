import type { Observation } from './events.ts';

/** What an observation must have, and whatever else of it is known. */
export type ObservationInput = Pick<Observation, 'id' | 'at' | 'source' | 'kind'> & Partial<Observation>;

/** A whole observation: the fields that are not given stand at the defaults of the schema. */
export function observation(input: ObservationInput): Observation {
  return {
    result: null,
    repository: null,
    commit: null,
    ref: null,
    pipeline: null,
    run: null,
    job: null,
    task: null,
    attempt: null,
    runner: null,
    durationMs: null,
    logSample: null,
    operation: null,
    incident: null,
    eventId: null,
    actor: null,
    numbers: {},
    labels: {},
    ...input,
  };
}

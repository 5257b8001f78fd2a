import type { Observation } from '@faultline/schemas';
import type { InboxSpec } from '@faultline/platform';
import type { PoolClient } from 'pg';
import { label } from '../domain/line/fold-outcome.ts';
import { storableText } from '@faultline/stream';
import { insertRows, type Columns } from './unnest.ts';

const DAY_MS = 86_400_000;

const columns: Columns = [
  ['at', 'bigint'],
  ['id', 'text'],
  ['source', 'text'],
  ['kind', 'text'],
  ['result', 'text'],
  ['repository', 'text'],
  ['commit', 'text'],
  ['ref', 'text'],
  ['pipeline', 'text'],
  ['run', 'text'],
  ['job', 'text'],
  ['task', 'text'],
  ['attempt', 'int'],
  ['runner', 'text'],
  ['duration_ms', 'bigint'],
  ['operation', 'text'],
  ['incident', 'text'],
  ['event_id', 'text'],
  ['actor', 'text'],
  ['log_sample', 'text'],
  ['numbers', 'text'],
  ['labels', 'text'],
];

/** Writes observations; one that is in already, by source, id and time, is left out. */
export async function writeObservations(
  client: PoolClient,
  observations: readonly Observation[],
): Promise<void> {
  const days = [...new Set(observations.map(({ at }) => Math.floor(at / DAY_MS)))].toSorted((a, b) => a - b);
  await client.query({
    name: 'observation days',
    text: `select ensure_days('observations', $1)`,
    values: [days],
  });
  await insertRows(
    client,
    'observations',
    columns,
    observations.map((one) => [
      one.at,
      label(one.id),
      label(one.source),
      one.kind,
      label(one.result),
      label(one.repository),
      label(one.commit),
      label(one.ref),
      label(one.pipeline),
      label(one.run),
      label(one.job),
      label(one.task),
      one.attempt,
      label(one.runner),
      one.durationMs,
      label(one.operation),
      label(one.incident),
      label(one.eventId),
      label(one.actor),
      one.logSample === null ? null : storableText(one.logSample),
      JSON.stringify(one.numbers),
      JSON.stringify(one.labels),
    ]),
    'on conflict do nothing',
  );
}

/** A report that is further ahead or behind has a wrong clock and would open a partition of its own. */
const BELIEVED_MS = 400 * DAY_MS;

/** Keeps what the world reports: denominators for rates, acknowledgements, confirmed labels. */
export function feedbackInbox(): InboxSpec<'errors.feedback'> {
  return {
    group: 'analytics-feedback',
    topic: 'errors.feedback',
    handle: async (client, records) => {
      await writeObservations(
        client,
        records.map(({ value, timestamp }) =>
          Math.abs(value.at - timestamp) > BELIEVED_MS ? { ...value, at: timestamp } : value,
        ),
      );
    },
  };
}

import type { PoolClient } from 'pg';
import type { Incident } from '@faultline/schemas';
import type { PlannedEffect } from '../domain/effect.ts';
import { isOpen, type IncidentState } from '../domain/incident.ts';
import { storableJson, storableText } from '@faultline/stream';
import { incidentOf, rowOf, type IncidentRow } from './incident-row.ts';

/** A record and the incident that it was attached to. */
export interface Attachment {
  readonly incidentId: string;
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
  readonly eventId: string;
}

/**
 * Locks groups, in one order for everybody, so that two notifiers cannot open two incidents of one group, and
 * gives the latest incident of each that has one.
 */
export async function lockGroups(
  client: PoolClient,
  groupKeys: readonly string[],
): Promise<ReadonlyMap<string, IncidentState>> {
  await client.query(
    `SELECT pg_advisory_xact_lock(hash) FROM (
       SELECT DISTINCT hashtextextended(key, 2001) AS hash FROM unnest($1::text[]) AS key ORDER BY 1) AS hashes`,
    [groupKeys],
  );
  const { rows } = await client.query<IncidentRow>(
    `SELECT i.* FROM incidents i
     JOIN (SELECT group_key, max(episode) AS episode FROM incidents WHERE group_key = ANY($1) GROUP BY group_key) l
       USING (group_key, episode)
     ORDER BY i.id FOR UPDATE OF i`,
    [groupKeys],
  );
  return new Map(rows.map((row) => [row.group_key, incidentOf(row)]));
}

/** Locks one incident; undefined where there is none. */
export async function lockIncident(client: PoolClient, id: string): Promise<IncidentState | undefined> {
  const { rows } = await client.query<IncidentRow>('SELECT * FROM incidents WHERE id = $1 FOR UPDATE', [id]);
  return rows[0] && incidentOf(rows[0]);
}

/** Writes incidents as they are now. */
export async function saveIncidents(client: PoolClient, incidents: readonly IncidentState[]): Promise<void> {
  if (incidents.length === 0) return;
  await client.query(
    `INSERT INTO incidents AS i
     SELECT * FROM jsonb_populate_recordset(NULL::incidents, $1::jsonb)
     ON CONFLICT (id) DO UPDATE SET
       status = excluded.status, level = excluded.level, severity = excluded.severity, priority = excluded.priority,
       records = excluded.records, last_record_at = excluded.last_record_at, deadline = excluded.deadline,
       ended_at = excluded.ended_at, flush_at = excluded.flush_at, sequence = excluded.sequence,
       detail = excluded.detail`,
    [storableJson(incidents.map(rowOf))],
  );
}

/** Attaches records; one that is attached already stays where it is. */
export async function saveAttachments(
  client: PoolClient,
  attachments: readonly Attachment[],
  now: number,
): Promise<void> {
  await client.query(
    `INSERT INTO incident_records (incident_id, topic_id, part, off, event_id, at)
     SELECT *, $6::bigint FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::text[])
     ON CONFLICT DO NOTHING`,
    [
      attachments.map(({ incidentId }) => incidentId),
      attachments.map(({ topicId }) => topicId),
      attachments.map(({ partition }) => partition),
      attachments.map(({ offset }) => offset),
      attachments.map(({ eventId }) => storableText(eventId)),
      now,
    ],
  );
}

/** Writes transitions that are yet to be published. */
export async function saveTransitions(client: PoolClient, transitions: readonly Incident[]): Promise<void> {
  if (transitions.length === 0) return;
  await client.query(
    `INSERT INTO incident_transitions
       (incident_id, sequence, transition_id, at, from_status, to_status, reason, actor, body)
     SELECT t ->> 'id', (t ->> 'sequence')::int, t ->> 'transitionId', (t ->> 'at')::bigint, t ->> 'from', t ->> 'to',
            t ->> 'reason', t ->> 'actor', t
     FROM jsonb_array_elements($1::jsonb) AS t`,
    [storableJson(transitions)],
  );
}

/** Takes the transitions of these incidents that were not published, in order, and marks them as published. */
export async function takeUnpublished(
  client: PoolClient,
  ids: readonly string[],
): Promise<readonly Incident[]> {
  const { rows } = await client.query<{ body: Incident }>(
    `WITH taken AS (
       UPDATE incident_transitions SET published = true
       WHERE NOT published AND incident_id = ANY($1) RETURNING incident_id, sequence, body)
     SELECT body FROM taken ORDER BY incident_id, sequence`,
    [ids],
  );
  return rows.map(({ body }) => body);
}

/** Writes effects and their jobs; one that was planned already stays as it is. */
export async function saveEffects(
  client: PoolClient,
  effects: readonly (PlannedEffect & { readonly standInFor?: string })[],
  now: number,
): Promise<void> {
  if (effects.length === 0) return;
  await client.query(
    `WITH planned AS (
       INSERT INTO effects
         (id, incident_id, channel, kind, class, sequence, not_before, stand_in_for, created_at, updated_at)
       SELECT e ->> 'id', e ->> 'incidentId', e ->> 'channel', e ->> 'kind', e ->> 'class', (e ->> 'sequence')::int,
              (e ->> 'notBefore')::bigint, e ->> 'standInFor', $2, $2
       FROM jsonb_array_elements($1::jsonb) AS e
       ON CONFLICT (id) DO NOTHING
       RETURNING id, not_before)
     SELECT escalator_job('escalator_effect', json_build_object('id', id), 'effect:' || id,
                          greatest(0, not_before - $2)) FROM planned`,
    [storableJson(effects), now],
  );
}

/** Asks for the next look at each incident that has one: its notice or its deadline, whichever comes first. */
export async function scheduleIncidents(
  client: PoolClient,
  incidents: readonly IncidentState[],
  now: number,
): Promise<void> {
  const due = incidents.filter(isOpen).map(({ id, flushAt, deadline }) => ({
    id,
    delay: Math.max(0, Math.min(flushAt ?? deadline, deadline) - now),
  }));
  if (due.length === 0) return;
  await client.query(
    `SELECT escalator_job('escalator_incident', json_build_object('id', id), 'incident:' || id, delay)
     FROM unnest($1::text[], $2::bigint[]) AS due (id, delay)`,
    [due.map(({ id }) => id), due.map(({ delay }) => delay)],
  );
}

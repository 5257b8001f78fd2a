import type { Pool, PoolClient } from 'pg';
import type { EffectKind } from '../domain/effect.ts';
import type { IncidentState } from '../domain/incident.ts';
import { readMatcher } from '../domain/parse-policy.ts';
import type { ChannelName } from '../domain/policy.ts';
import { arrayOf } from '../domain/read-field.ts';
import type { Silence } from '../domain/silence.ts';
import { incidentOf, type IncidentRow } from '../notifier/incident-row.ts';
import { storableJson, storableText } from '@faultline/stream';

/** A row of `effects`. */
export interface EffectRow {
  readonly id: string;
  readonly incidentId: string;
  readonly channel: ChannelName;
  readonly kind: EffectKind;
  readonly class: 'A' | 'B' | 'C';
  readonly sequence: number;
  readonly state: 'planned' | 'sending' | 'done' | 'skipped' | 'failed';
  readonly notBefore: number;
  readonly leaseUntil: number | null;
  readonly attempts: number;
  readonly doubtful: boolean;
  readonly fellBack: boolean;
  readonly payload: unknown;
}

interface RawRow extends Omit<EffectRow, 'notBefore' | 'leaseUntil'> {
  readonly notBefore: string;
  readonly leaseUntil: string | null;
}

const COLUMNS = `id, incident_id AS "incidentId", channel, kind, class, sequence, state, not_before AS "notBefore",
  lease_until AS "leaseUntil", attempts, doubtful, fell_back AS "fellBack", payload`;

const effectOf = (row: RawRow): EffectRow => ({
  ...row,
  notBefore: Number(row.notBefore),
  leaseUntil: row.leaseUntil === null ? null : Number(row.leaseUntil),
});

/** Locks an effect; undefined where there is none or somebody else has it. */
export async function lockEffect(client: PoolClient, id: string): Promise<EffectRow | undefined> {
  const { rows } = await client.query<RawRow>(
    `SELECT ${COLUMNS} FROM effects WHERE id = $1 FOR UPDATE SKIP LOCKED`,
    [id],
  );
  return rows[0] && effectOf(rows[0]);
}

/** Locks further effects of a channel that are due, for the same call. */
export async function lockDue(
  client: PoolClient,
  channel: ChannelName,
  except: string,
  limit: number,
  now: number,
): Promise<readonly EffectRow[]> {
  const { rows } = await client.query<RawRow>(
    `SELECT ${COLUMNS} FROM effects
     WHERE state = 'planned' AND channel = $1 AND not_before <= $2 AND id <> $3
     ORDER BY not_before, id LIMIT $4 FOR UPDATE SKIP LOCKED`,
    [channel, now, except, limit],
  );
  return rows.map(effectOf);
}

/** The incident of an effect, kept as it is until the transaction ends. */
export async function readIncident(client: PoolClient, id: string): Promise<IncidentState> {
  const { rows } = await client.query<IncidentRow>('SELECT * FROM incidents WHERE id = $1 FOR SHARE', [id]);
  const [row] = rows;
  if (row === undefined) throw new Error(`no incident ${id}`);
  return incidentOf(row);
}

/** Silences that hold now. One that is malformed holds for nothing. */
export async function activeSilences(client: PoolClient, now: number): Promise<readonly Silence[]> {
  const { rows } = await client.query<{ id: string; matchers: unknown; starts_at: string; ends_at: string }>(
    'SELECT id, matchers, starts_at, ends_at FROM silences WHERE starts_at <= $1 AND ends_at > $1',
    [now],
  );
  return rows.flatMap(({ id, matchers, starts_at: startsAt, ends_at: endsAt }) => {
    try {
      const read = arrayOf(readMatcher)(matchers, 'matchers');
      return [{ id, matchers: read, startsAt: Number(startsAt), endsAt: Number(endsAt) }];
    } catch {
      return [];
    }
  });
}

/** Whether a channel has, or may have, a notice of an incident. */
export async function wasTold(
  client: PoolClient,
  incidentId: string,
  channel: ChannelName,
): Promise<boolean> {
  const { rows } = await client.query<{ told: boolean }>(
    `SELECT EXISTS (SELECT FROM effects WHERE incident_id = $1 AND channel = $2
       AND (state = 'done' OR doubtful)) AS told`,
    [incidentId, channel],
  );
  return rows[0]?.told ?? false;
}

/** Channels that an incident was, or is to be, told through. */
export async function channelsOf(client: PoolClient, incidentId: string): Promise<readonly ChannelName[]> {
  const { rows } = await client.query<{ channel: ChannelName }>(
    'SELECT DISTINCT channel FROM effects WHERE incident_id = $1',
    [incidentId],
  );
  return rows.map(({ channel }) => channel);
}

/**
 * Takes the gate of a channel and moves it by the least time between two calls. Gives the moment until which
 * it is shut, or why this target is not called any more.
 */
export async function passGate(
  client: PoolClient,
  channel: ChannelName,
  targetHash: string,
  minIntervalMs: number,
  now: number,
): Promise<{ readonly until: number } | { readonly gone: true } | undefined> {
  await client.query('INSERT INTO channel_gates (channel) VALUES ($1) ON CONFLICT DO NOTHING', [channel]);
  const { rows } = await client.query<{ next_at: string; disabled_for: string | null }>(
    'SELECT next_at, disabled_for FROM channel_gates WHERE channel = $1 FOR UPDATE',
    [channel],
  );
  if (rows[0]?.disabled_for === targetHash) return { gone: true };
  const nextAt = Number(rows[0]?.next_at ?? 0);
  if (nextAt > now) return { until: nextAt };
  if (minIntervalMs > 0) {
    await client.query('UPDATE channel_gates SET next_at = $2 WHERE channel = $1', [
      channel,
      now + minIntervalMs,
    ]);
  }
  return undefined;
}

/** Shuts the gate of a channel: until a moment, or for one target for good. */
export async function shutGate(
  client: PoolClient,
  channel: ChannelName,
  until: number | null,
  goneTarget: string | null,
): Promise<void> {
  await client.query(
    `UPDATE channel_gates SET next_at = greatest(next_at, coalesce($2::bigint, 0)),
       disabled_for = coalesce($3::text, disabled_for)
     WHERE channel = $1`,
    [channel, until, goneTarget],
  );
}

/**
 * Begins a call: committed before it is made, so that a crash in between is known. Gives the payload as it is
 * stored, since a repeated call must say the same to the byte, and jsonb has an order of keys of its own.
 */
export async function beginCall(
  client: PoolClient,
  effect: EffectRow,
  payload: unknown,
  leaseUntil: number,
  now: number,
): Promise<unknown> {
  const { rows } = await client.query<{ payload: unknown }>(
    `UPDATE effects SET state = 'sending', lease_until = $2, attempts = attempts + 1,
       repeats = repeats + doubtful::int, doubtful = true, payload = $3, updated_at = $4
     WHERE id = $1 RETURNING payload`,
    [effect.id, leaseUntil, storableJson(payload), now],
  );
  return rows[0]?.payload;
}

/** What an effect ends with, or waits for. */
export interface EffectEnd {
  readonly state: 'planned' | 'done' | 'skipped' | 'failed';
  readonly error: string | null;
  readonly result?: unknown;
  readonly notBefore?: number;
  /** What it is from now on; as before where absent. */
  readonly doubtful?: boolean;
}

/** Writes how an effect ended or until when it waits; where it waits, its job comes along. */
export async function endEffect(client: PoolClient, id: string, end: EffectEnd, now: number): Promise<void> {
  await client.query(
    `UPDATE effects SET state = $2, last_error = coalesce($3::text, last_error), result = coalesce($4::jsonb, result),
       not_before = coalesce($5::bigint, not_before), doubtful = coalesce($6::boolean, doubtful), lease_until = NULL, updated_at = $7
     WHERE id = $1`,
    [
      id,
      end.state,
      end.error === null ? null : storableText(end.error),
      end.result === undefined ? null : storableJson(end.result),
      end.notBefore ?? null,
      end.doubtful ?? null,
      now,
    ],
  );
  if (end.state !== 'planned') return;
  await client.query(
    `SELECT escalator_job('escalator_effect', json_build_object('id', $1::text), 'effect:' || $1::text, $2)`,
    [id, Math.max(0, (end.notBefore ?? now) - now)],
  );
}

/** Whether a call is still ours: nobody took it over after its lease had run out. */
export async function stillOurs(client: PoolClient, id: string, leaseUntil: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM effects WHERE id = $1 AND state = 'sending' AND lease_until = $2 FOR UPDATE`,
    [id, leaseUntil],
  );
  return rowCount === 1;
}

/** Notes that another channel stands in; false where it did already. */
export async function markFallenBack(client: PoolClient, id: string): Promise<boolean> {
  const { rowCount } = await client.query(
    'UPDATE effects SET fell_back = true WHERE id = $1 AND NOT fell_back',
    [id],
  );
  return rowCount === 1;
}

/** Links an incident to what a channel made of it. */
export async function linkIncident(
  client: PoolClient,
  incidentId: string,
  channel: ChannelName,
  link: string,
): Promise<void> {
  await client.query(
    `UPDATE incidents SET links = links || jsonb_build_object($2::text, $3::text)
     WHERE id = $1 AND links ->> $2 IS DISTINCT FROM $3`,
    [incidentId, channel, storableText(link)],
  );
}

/** Puts a notice into the mailbox; again, it stays as it is. */
export async function putIntoMailbox(
  client: PoolClient,
  entry: {
    readonly id: string;
    readonly incidentId: string;
    readonly channel: ChannelName;
    readonly kind: EffectKind;
    readonly subject: string;
    readonly body: string;
    readonly why: string;
  },
  now: number,
): Promise<void> {
  await client.query(
    `INSERT INTO mailbox (id, incident_id, channel, kind, at, subject, body, why)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [entry.id, entry.incidentId, entry.channel, entry.kind, now, entry.subject, entry.body, entry.why],
  );
}

/** Notes that a channel hears of an incident besides those of its route, so that it hears of its end too. */
export async function addTold(client: PoolClient, incidentId: string, channel: ChannelName): Promise<void> {
  await client.query(
    `UPDATE incidents SET detail = jsonb_set(detail, '{told}', (detail -> 'told') || to_jsonb($2::text))
     WHERE id = $1 AND NOT (detail -> 'told') ? $2`,
    [incidentId, channel],
  );
}

/**
 * Leaves an effect to the job of its channel, which comes when the gate opens. One job for all that wait, so
 * that a thousand effects behind a shut gate do not ask a thousand times.
 */
export async function waitForGate(
  client: PoolClient,
  effect: EffectRow,
  until: number,
  now: number,
): Promise<void> {
  if (effect.state === 'sending') {
    await client.query(
      `UPDATE effects SET state = 'planned', lease_until = NULL, updated_at = $2 WHERE id = $1`,
      [effect.id, now],
    );
  }
  await client.query(
    `SELECT escalator_job('escalator_channel', json_build_object('channel', $1::text), 'channel:' || $1::text, $2)`,
    [effect.channel, Math.max(0, until - now)],
  );
}

/** Ids of effects of a channel that are due, the oldest first. */
export async function dueOf(
  pool: Pool,
  channel: ChannelName,
  limit: number,
  now: number,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT id FROM effects WHERE state = 'planned' AND channel = $1 AND not_before <= $2
     ORDER BY not_before, id LIMIT $3`,
    [channel, now, limit],
  );
  return rows.map(({ id }) => id);
}

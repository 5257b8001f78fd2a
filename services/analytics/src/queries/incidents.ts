import type { Pool } from 'pg';
import { counted } from './counted-rows.ts';
import { Conditions } from './conditions.ts';

/** One incident of a list. */
export interface IncidentItem {
  readonly id: string;
  readonly status: string;
  readonly level: string;
  readonly severity: string;
  readonly title: string;
  readonly repository: string | null;
  readonly groupKey: string;
  readonly records: number;
  readonly openedAt: number;
  readonly lastRecordAt: number;
  readonly deadline: number;
  readonly endedAt: number | null;
  readonly links: Readonly<Record<string, string>>;
}

/** An incident with its story. */
export interface IncidentDetail extends IncidentItem {
  readonly v: 1;
  readonly transitions: readonly {
    readonly at: number;
    readonly from: string | null;
    readonly to: string;
    readonly reason: string;
    readonly actor: string | null;
  }[];
  readonly effects: readonly {
    readonly channel: string;
    readonly kind: string;
    readonly state: string;
    readonly attempts: number;
    readonly lastError: string | null;
    readonly at: number;
  }[];
  readonly recordsOf: readonly { readonly coordinate: string; readonly id: string; readonly at: number }[];
}

const columns = `id, status, level, severity, title, repository, group_key as "groupKey", records::float8,
  opened_at::float8 as "openedAt", last_record_at::float8 as "lastRecordAt", deadline::float8,
  ended_at::float8 as "endedAt", links`;

/** Incidents, open ones first, the latest of each first. */
export async function readIncidents(
  pool: Pool,
  filter: { readonly status?: string | undefined; readonly limit: number; readonly offset: number },
): Promise<{ readonly v: 1; readonly total: number; readonly items: readonly IncidentItem[] }> {
  const where = new Conditions().add('status = ?', filter.status);
  const limit = where.value(filter.limit);
  const offset = where.value(filter.offset);
  const { rows } = await pool.query<IncidentItem & { readonly all: number }>(
    `select ${columns}, (count(*) over ())::int as all from incidents where ${where.text}
     order by (status in ('open', 'acknowledged')) desc, opened_at desc, id limit ${limit} offset ${offset}`,
    where.values,
  );
  return { v: 1, ...counted(rows) };
}

/** One incident; undefined where there is none. */
export async function readIncident(pool: Pool, id: string): Promise<IncidentDetail | undefined> {
  const { rows } = await pool.query<IncidentItem>(`select ${columns} from incidents where id = $1`, [id]);
  const [incident] = rows;
  if (incident === undefined) return undefined;
  const [transitions, effects, records] = await Promise.all([
    pool.query<IncidentDetail['transitions'][number]>(
      `select at::float8, from_status as from, to_status as to, reason, actor from incident_transitions
       where incident_id = $1 order by sequence`,
      [id],
    ),
    pool.query<IncidentDetail['effects'][number]>(
      `select channel, kind, state, attempts, last_error as "lastError", updated_at::float8 as at from effects
       where incident_id = $1 order by sequence, channel`,
      [id],
    ),
    pool.query<IncidentDetail['recordsOf'][number]>(
      `select topic_id || '/' || part || '/' || off as coordinate, event_id as id, at::float8 from incident_records
       where incident_id = $1 order by at desc limit 20`,
      [id],
    ),
  ]);
  return { v: 1, ...incident, transitions: transitions.rows, effects: effects.rows, recordsOf: records.rows };
}

/** What an action on an incident came to. */
export interface Acted {
  readonly found: boolean;
  readonly done: boolean;
  readonly from: string | null;
  readonly to: string | null;
}

/** Acknowledges, resolves or closes an incident by the function that its owner provides. */
export async function actOnIncident(
  pool: Pool,
  id: string,
  action: 'acknowledge' | 'resolve' | 'close',
  actor: string,
  now: number,
): Promise<Acted> {
  const { rows } = await pool.query<{ from_status: string; to_status: string; done: boolean }>(
    'select from_status, to_status, done from incident_act($1, $2, $3, $4)',
    [id, action, actor, now],
  );
  const [row] = rows;
  if (row === undefined) return { found: false, done: false, from: null, to: null };
  return { found: true, done: row.done, from: row.from_status, to: row.to_status };
}

/** A message that could not be sent anywhere else. */
export interface Mail {
  readonly id: string;
  readonly incidentId: string;
  readonly channel: string;
  readonly kind: string;
  readonly at: number;
  readonly subject: string;
  readonly body: string;
  readonly why: string;
  readonly readAt: number | null;
}

/** The local mailbox, the latest first. */
export async function readMailbox(
  pool: Pool,
  page: { readonly limit: number; readonly offset: number },
): Promise<{
  readonly v: 1;
  readonly unread: number;
  readonly total: number;
  readonly items: readonly Mail[];
}> {
  const [items, counts] = await Promise.all([
    pool.query<Mail>(
      `select id, incident_id as "incidentId", channel, kind, at::float8, subject, body, why, read_at::float8 as "readAt"
       from mailbox order by at desc, id limit $1 offset $2`,
      [page.limit, page.offset],
    ),
    pool.query<{ unread: number; total: number }>(
      'select (count(*) filter (where read_at is null))::int as unread, count(*)::int as total from mailbox',
    ),
  ]);
  return { v: 1, unread: counts.rows[0]?.unread ?? 0, total: counts.rows[0]?.total ?? 0, items: items.rows };
}

/** Marks a message as read; false where there is none. */
export async function markRead(pool: Pool, id: string, actor: string, now: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update mailbox set read_at = coalesce(read_at, $2), read_by = coalesce(read_by, $3) where id = $1',
    [id, now, actor],
  );
  return (rowCount ?? 0) > 0;
}

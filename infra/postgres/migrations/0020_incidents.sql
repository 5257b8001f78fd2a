-- What is put before agents and people: incidents, their transitions, the effects on outside systems, the mailbox.
-- Times are milliseconds since the epoch, as in the contract.

create table incidents (
  id             text     primary key, -- derived from group and episode
  group_key      text     not null,
  episode        int      not null,
  status         text     not null check (status in ('open', 'acknowledged', 'resolved', 'closed', 'expired')),
  level          text     not null,
  severity       text     not null,
  priority       smallint not null,
  title          text     not null,
  repository     text,
  records        bigint   not null,
  opened_at      bigint   not null,
  last_record_at bigint   not null,
  deadline       bigint   not null,
  ended_at       bigint,
  flush_at       bigint, -- when a notice is to be considered
  sequence       int      not null, -- of the next transition
  links          jsonb    not null default '{}', -- tickets and pages by channel
  detail         jsonb    not null, -- summary, facts, timing, channels, what was told: the rest of the state
  unique (group_key, episode)
);
create unique index incidents_open on incidents (group_key) where status in ('open', 'acknowledged');
create index incidents_due on incidents (least(flush_at, deadline)) where status in ('open', 'acknowledged');
create index incidents_opened on incidents (opened_at desc);

-- Which incident a record belongs to: the line ledger's "escalated" ends here.
create table incident_records (
  topic_id    text   not null,
  part        int    not null,
  off         bigint not null,
  incident_id text   not null references incidents (id),
  event_id    text   not null,
  at          bigint not null,
  primary key (topic_id, part, off)
);
create index incident_records_incident on incident_records (incident_id, at desc);

create table incident_transitions (
  incident_id   text   not null references incidents (id),
  sequence      int    not null,
  transition_id text   not null unique,
  at            bigint not null,
  from_status   text,
  to_status     text   not null,
  reason        text   not null,
  actor         text,
  body          jsonb  not null, -- the record of errors.incidents
  published     boolean not null default false, -- stands in the outbox, and its notices are planned
  primary key (incident_id, sequence)
);
create index incident_transitions_unpublished on incident_transitions (incident_id) where not published;

-- One row for each call to an outside system; the id is the same however often it is planned.
create table effects (
  id          text     primary key,
  incident_id text     not null references incidents (id),
  channel     text     not null,
  kind        text     not null,
  class       text     not null check (class in ('A', 'B', 'C')),
  sequence    int      not null,
  state       text     not null default 'planned' check (state in ('planned', 'sending', 'done', 'skipped', 'failed')),
  not_before  bigint   not null,
  lease_until bigint, -- while sending: whoever finds it later may take it over
  attempts    int      not null default 0,
  doubtful    boolean  not null default false, -- a call may have got through, and nobody knows
  repeats     int      not null default 0, -- calls made although one before may have got through
  fell_back   boolean  not null default false,
  stand_in_for text, -- the effect that this one stands in for
  payload     jsonb, -- as it was first sent
  result      jsonb,
  last_error  text,
  created_at  bigint   not null,
  updated_at  bigint   not null
);
create index effects_incident on effects (incident_id, channel);
create index effects_planned on effects (channel, not_before) where state = 'planned';
create index effects_sending on effects (lease_until) where state = 'sending';

-- Whom nobody could be told through anything else.
create table mailbox (
  id          text   primary key, -- the effect
  incident_id text   not null references incidents (id),
  channel     text   not null, -- that it was meant for
  kind        text   not null,
  at          bigint not null,
  subject     text   not null,
  body        text   not null,
  why         text   not null,
  read_at     bigint,
  read_by     text
);
create index mailbox_at on mailbox (at desc);

create table silences (
  id         text   primary key default gen_random_uuid()::text,
  matchers   jsonb  not null check (jsonb_typeof(matchers) = 'array' and jsonb_array_length(matchers) > 0),
  starts_at  bigint not null,
  ends_at    bigint not null check (ends_at > starts_at),
  created_by text   not null,
  comment    text   not null default '',
  created_at bigint not null default (extract(epoch from clock_timestamp()) * 1000)::bigint
);
create index silences_ends on silences (ends_at);

-- Before `next_at` a channel is not called: one message a second, and what its Retry-After asks for.
create table channel_gates (
  channel      text   primary key,
  next_at      bigint not null default 0,
  disabled_for text -- hash of the target that said it is gone for good
);

-- A job of the escalator, in the caller's transaction; nothing where the job library is not there yet, since
-- the auditor finds whatever is due.
create function escalator_job(task text, payload json, job_key text, delay_ms bigint) returns void
language plpgsql as $$
begin
  if to_regnamespace('graphile_worker') is null then return; end if;
  perform graphile_worker.add_job(
    task, payload, run_at => clock_timestamp() + delay_ms * interval '1 millisecond',
    max_attempts => 25, job_key => job_key);
end $$;

-- Acknowledges, resolves or closes an incident, at once; the escalator publishes the transition and tells the
-- channels. Gives no row where there is no such incident, `done` = false where the action is not possible.
create function incident_act(
  p_incident text, p_action text, p_actor text,
  p_now bigint default (extract(epoch from clock_timestamp()) * 1000)::bigint
) returns table (incident_id text, from_status text, to_status text, done boolean)
language plpgsql as $$
declare
  was incidents;
  target text;
  possible boolean;
begin
  if coalesce(p_actor, '') = '' then raise exception 'an actor is required' using errcode = '22023'; end if;
  target := case p_action
    when 'acknowledge' then 'acknowledged' when 'resolve' then 'resolved' when 'close' then 'closed' end;
  if target is null then raise exception 'no such action: %', p_action using errcode = '22023'; end if;
  select * into was from incidents i where i.id = p_incident for update;
  if not found then return; end if;
  possible := case p_action
    when 'acknowledge' then was.status = 'open'
    when 'resolve' then was.status in ('open', 'acknowledged')
    else was.status <> 'closed' end;
  if possible then
    update incidents i set
      status = target, flush_at = null, sequence = was.sequence + 1,
      ended_at = case when p_action = 'acknowledge' then null else coalesce(was.ended_at, p_now) end
    where i.id = p_incident;
    insert into incident_transitions
      (incident_id, sequence, transition_id, at, from_status, to_status, reason, actor, body)
    values (
      was.id, was.sequence,
      left(encode(sha256(convert_to(
        format('19:incident-transition;%s:%s;%s:%s;',
          length(was.id), was.id, length(was.sequence::text), was.sequence), 'UTF8')), 'hex'), 32),
      p_now, was.status, target, target, p_actor,
      jsonb_build_object(
        'id', was.id, 'sequence', was.sequence, 'at', p_now, 'from', was.status, 'to', target, 'reason', target,
        'level', was.level, 'groupKey', was.group_key, 'title', was.title, 'severity', was.severity,
        'records', was.records, 'firstCoordinate', was.detail -> 'firstCoordinate', 'repository', was.repository,
        'deadline', was.deadline, 'actor', p_actor, 'links', was.links));
    update incident_transitions t set body = t.body || jsonb_build_object('transitionId', t.transition_id)
    where t.incident_id = was.id and t.sequence = was.sequence;
    perform escalator_job('escalator_incident', json_build_object('id', was.id), 'incident:' || was.id, 0);
  end if;
  return query select was.id, was.status, case when possible then target else was.status end, possible;
end $$;

-- History of the line: every transition once, and where each record stands.
-- Times are milliseconds since the epoch, as in the contract; a partition holds one day of UTC.

-- Ids of errors.raw, each with a small number, since a coordinate stands in every row.
create table sources (
  source   smallint generated always as identity primary key,
  topic_id text not null unique
);

-- Avro schemas that bodies of outcomes were written with, for as long as there are such.
create table outcome_schemas (
  schema smallint generated always as identity primary key,
  sha256 text     not null unique,
  body   text     not null
);

-- Append only. Partitioned by the clock of the decision.
create table outcomes (
  at            bigint   not null,
  source        smallint not null,
  raw_partition int      not null,
  raw_offset    bigint   not null,
  hops          int      not null,
  schema        smallint not null,
  body          bytea    not null -- the outcome in Avro, without a frame
) partition by range (at);
create index outcomes_record on outcomes (raw_offset, raw_partition);

-- One row for each record: the fold of its outcomes. Partitioned by the time at which the broker took it.
create table records (
  received_at     bigint   not null,
  source          smallint not null,
  raw_partition   int      not null,
  raw_offset      bigint   not null,
  deadline        bigint   not null,
  occurred_at     bigint   not null,
  updated_at      bigint   not null,
  ended_at        bigint,
  first_action_at bigint,
  next_at         bigint,
  attempt_ms      bigint   not null,
  hops            int      not null,
  attempts        smallint not null,
  round           smallint not null,
  fix_proposed    boolean  not null,
  fix_applied     boolean  not null,
  state           text     not null,
  stage           text     not null,
  reason          text,
  event_id        text collate "C",
  category        text,
  error_type      text,
  severity        text,
  environment     text,
  repository      text,
  fingerprint     text collate "C",
  title           text,
  tool            text,
  operation       text,
  level           text,
  incident_id     text,
  -- first eight bytes of the id of each transition that is in, so that a repeated one is known
  seen            bytea    not null,
  primary key (source, raw_partition, raw_offset, received_at)
) partition by range (received_at);
create index records_event on records (event_id);
create index records_received on records (received_at desc, raw_partition desc, raw_offset desc);
create index records_fingerprint on records (fingerprint, received_at desc);
-- No index has what changes on the way to the end, so that a row is updated in place all along.

-- Records that ended as dead letters, few and asked for by themselves.
create table dead_letters (
  received_at   bigint   not null,
  source        smallint not null,
  raw_partition int      not null,
  raw_offset    bigint   not null,
  primary key (received_at, source, raw_partition, raw_offset)
);

-- Creates the partitions of the given days that are missing. Attaching takes no lock that a writer waits for.
create function ensure_days(parent text, days bigint[]) returns int language plpgsql as $$
declare
  day_ms constant bigint := 86400000;
  day bigint;
  child text;
  made int := 0;
begin
  foreach day in array days loop
    child := parent || '_' || to_char(to_timestamp(day * 86400) at time zone 'UTC', 'YYYYMMDD');
    continue when to_regclass(child) is not null;
    perform pg_advisory_xact_lock(hashtext('faultline partitions'));
    -- not to_regclass again: an advisory lock does not refresh what the session remembers of names
    continue when exists (select from pg_class where relname = child);
    execute format('create table %I (like %I including defaults including storage)', child, parent);
    if parent = 'records' then execute format('alter table %I set (fillfactor = 60)', child); end if;
    execute format('alter table %I attach partition %I for values from (%s) to (%s)',
      parent, child, day * day_ms, (day + 1) * day_ms);
    made := made + 1;
  end loop;
  return made;
end $$;

-- Drops the partitions that end at or before `before` (milliseconds), except days with a record in flight.
create function drop_days(parent text, before bigint) returns text[] language plpgsql as $$
declare
  child text;
  day bigint;
  open boolean;
  dropped text[] := '{}';
begin
  for child in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = parent::regclass order by 1
  loop
    day := extract(epoch from to_date(right(child, 8), 'YYYYMMDD'))::bigint * 1000;
    continue when day + 86400000 > before;
    if parent = 'records' then
      execute 'select coalesce(sum(n), 0) <> 0 from open_records where kind = ''received'' and bucket = $1'
        into open using day / 86400000;
      continue when open;
    end if;
    execute format('drop table %I', child);
    dropped := dropped || child;
  end loop;
  return dropped;
end $$;

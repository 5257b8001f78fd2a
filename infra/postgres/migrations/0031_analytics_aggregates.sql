-- Sums over records, kept in the transaction that writes them. `shard` is the partition of errors.outcomes that
-- a sum came through: each is written by one consumer, so that no two wait for each other; readers add them up.

-- Errors by the minute in which they happened, by how they stand. In flight: total less the four ends.
create table minute_counts (
  minute        bigint   not null, -- minutes since the epoch
  category      text collate "C" not null,
  severity      text collate "C" not null,
  environment   text collate "C" not null,
  shard         smallint not null,
  total         int      not null,
  resolved      int      not null,
  suppressed    int      not null,
  dead_lettered int      not null,
  escalated     int      not null,
  primary key (minute, category, severity, environment, shard)
);

-- The same by hour and by day over one dimension at a time, with what retrying and fixing came to.
create table period_counts (
  dimension     text collate "C" not null check (dimension in ('category', 'severity', 'environment', 'fingerprint', 'repository')),
  grain         text collate "C" not null check (grain in ('hour', 'day')),
  bucket        int      not null, -- hours or days since the epoch
  key           text collate "C" not null,
  shard         smallint not null,
  total         int      not null,
  resolved      int      not null,
  suppressed    int      not null,
  dead_lettered int      not null,
  escalated     int      not null,
  attempts      int      not null,
  attempt_ms    bigint   not null,
  fixes         int      not null, -- records with a proposed fix
  fixed         int      not null, -- records that the fixer resolved
  primary key (dimension, grain, bucket, key, shard)
);
create index period_counts_key on period_counts (dimension, grain, key, bucket);

-- What the stages did, by the time of the decision.
create table moves (
  grain      text collate "C" not null check (grain in ('minute', 'hour', 'day')),
  bucket     int      not null, -- minutes, hours or days since the epoch
  stage      text collate "C" not null,
  from_state text collate "C" not null,
  to_state   text collate "C" not null,
  reason     text collate "C" not null,
  shard      smallint not null,
  n          int      not null,
  primary key (grain, bucket, stage, from_state, to_state, reason, shard)
);

-- Durations of what was received in an hour or a day, in steps of a quarter of an octave:
-- step = floor(4 * log2(ms)), 0 below 1 ms.
create table durations (
  grain  text collate "C" not null check (grain in ('hour', 'day')),
  bucket int      not null,
  kind   text collate "C" not null check (kind in ('end', 'resolution', 'first-action')),
  step   smallint not null,
  shard  smallint not null,
  n      int      not null,
  primary key (grain, bucket, kind, step, shard)
);

-- Records in flight: by the day on which they were received, and by the minute of their deadline.
create table open_records (
  kind   text collate "C" not null check (kind in ('received', 'deadline')),
  bucket int      not null,
  shard  smallint not null,
  n      bigint   not null,
  primary key (kind, bucket, shard)
);

-- Groups: what is said of a fingerprint, written when it is first seen, and by people.
create table groups (
  fingerprint text collate "C" primary key,
  title       text not null,
  category    text not null,
  error_type  text not null,
  severity    text not null,
  tool        text,
  cause       text,
  remedy      text,
  repository  text,
  state       text not null default 'open' check (state in ('open', 'resolved', 'muted')),
  state_at    bigint,
  owner       text,
  changed_by  text
);

create table group_counts (
  fingerprint   text collate "C" not null,
  shard         smallint not null,
  total         bigint   not null,
  resolved      bigint   not null,
  suppressed    bigint   not null,
  dead_lettered bigint   not null,
  escalated     bigint   not null,
  attempts      bigint   not null,
  attempt_ms    bigint   not null,
  first_at      bigint   not null,
  last_at       bigint   not null,
  last_event_id text,
  primary key (fingerprint, shard)
);

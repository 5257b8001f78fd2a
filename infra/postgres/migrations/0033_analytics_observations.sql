-- What the world did, from errors.feedback. Partitioned by the time at which it happened.
create table observations (
  at          bigint not null,
  id          text   not null,
  source      text   not null,
  kind        text   not null,
  result      text,
  repository  text,
  commit      text,
  ref         text,
  pipeline    text,
  run         text,
  job         text,
  task        text,
  attempt     int,
  runner      text,
  duration_ms bigint,
  operation   text,
  incident    text,
  event_id    text,
  actor       text,
  log_sample  text,
  numbers     text,
  labels      text,
  primary key (source, id, at)
) partition by range (at);
create index observations_job on observations (repository, job, task, commit) where kind = 'run-finished';
create index observations_kind on observations (kind, at);
create index observations_incident on observations (incident) where incident is not null;

-- Dead letters that were sent again from the page or the API, so that a second click sends nothing.
create table redrives (
  source        smallint not null,
  raw_partition int      not null,
  raw_offset    bigint   not null,
  at            bigint   not null,
  actor         text     not null,
  primary key (source, raw_partition, raw_offset)
);

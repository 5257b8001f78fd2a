-- The line ledger: received = resolved + suppressed + dead-lettered + escalated + in flight, without scans.

create table line_counters (
  shard         smallint primary key,
  received      bigint not null default 0, -- records that the classifier reported as taken
  seen          bigint not null default 0, -- records of which an outcome has come
  resolved      bigint not null default 0,
  suppressed    bigint not null default 0,
  dead_lettered bigint not null default 0,
  escalated     bigint not null default 0,
  double_ends   bigint not null default 0, -- ends of records that had another end
  duplicates    bigint not null default 0, -- outcomes that were in already
  consumed_at   bigint not null default 0  -- latest time at which the broker took an outcome that is in
);

-- Latency of ended records in the same steps as durations, for ever: a counter's source.
create table line_latency (
  shard smallint not null,
  step  smallint not null,
  n     bigint   not null,
  primary key (shard, step)
);

-- Ranges of errors.raw that transactions of the classifier took and whose records were not all counted yet.
create table ranges (
  source        smallint not null,
  raw_partition int      not null,
  from_offset   bigint   not null,
  to_offset     bigint   not null,
  records       bigint   not null,
  reported_at   bigint   not null,
  found         bigint, -- records counted in it at the last check
  checked_at    bigint,
  primary key (source, raw_partition, from_offset)
);

-- What is proven: contiguous stretches whose ranges were complete. Between two of a partition lies a gap.
create table proven (
  source        smallint not null,
  raw_partition int      not null,
  from_offset   bigint   not null,
  to_offset     bigint   not null,
  records       bigint   not null,
  proven_at     bigint   not null,
  primary key (source, raw_partition, from_offset)
);

-- Reports that contradict what is there.
create table ledger_violations (
  at            bigint   not null,
  kind          text     not null check (kind in ('overlap', 'double-end')),
  source        smallint not null,
  raw_partition int      not null,
  from_offset   bigint   not null,
  to_offset     bigint   not null,
  detail        text     not null
);

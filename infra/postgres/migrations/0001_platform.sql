-- What the runtimes keep: offsets of inboxes, the outbox, claims, attempts, knowledge, topology.

CREATE TABLE topology (
  topic      text PRIMARY KEY,
  cluster_id text NOT NULL,
  topic_id   text NOT NULL,
  partitions int  NOT NULL,
  seen_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inbox_offsets (
  consumer   text   NOT NULL,
  topic      text   NOT NULL,
  part       int    NOT NULL,
  topic_id   text   NOT NULL,
  off        bigint NOT NULL,
  moved_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, topic, part)
);

CREATE TABLE inbox_rejects (
  consumer   text   NOT NULL,
  topic      text   NOT NULL,
  part       int    NOT NULL,
  off        bigint NOT NULL,
  reason     text   NOT NULL,
  detail     text   NOT NULL,
  key        bytea,
  value      bytea,
  rejected_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, topic, part, off)
);

CREATE TABLE outbox_shards (
  shard    text PRIMARY KEY,
  next_seq bigint NOT NULL DEFAULT 1
);

CREATE TABLE outbox (
  shard      text   NOT NULL,
  seq        bigint NOT NULL,
  topic      text   NOT NULL,
  key        text   NOT NULL,
  value      bytea  NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard, seq)
);

CREATE TABLE claims (
  kind         text   NOT NULL,
  id           text   NOT NULL,
  topic_id     text   NOT NULL,
  part         int    NOT NULL,
  off          bigint NOT NULL,
  payload_hash text   NOT NULL,
  claimed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, id)
);
CREATE INDEX claims_by_age ON claims USING brin (claimed_at);

CREATE TABLE attempts (
  key        text PRIMARY KEY,
  state      text NOT NULL CHECK (state IN ('started', 'done')),
  owner      text NOT NULL,
  runs       int  NOT NULL DEFAULT 1,
  answer     jsonb,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at   timestamptz
);
CREATE INDEX attempts_by_age ON attempts USING brin (started_at);

CREATE TABLE knowledge (
  kind       text   NOT NULL,
  version    bigint NOT NULL,
  origin     text   NOT NULL CHECK (origin IN ('baseline', 'published')),
  sha256     text   NOT NULL,
  body       jsonb  NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, version),
  UNIQUE (kind, origin, sha256)
);

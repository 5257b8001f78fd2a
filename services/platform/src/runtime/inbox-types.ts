import type { PoolClient } from 'pg';
import type { TopicName } from '@faultline/schemas';
import type { RecordOn } from '../registry/codecs.ts';
import type { Component, ServiceContext } from '../lifecycle/component.ts';

/** One decoded record of an inbox. */
export interface InboxRecord<Value> {
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  /** When the broker took it, in milliseconds since the epoch. */
  readonly timestamp: number;
  readonly key: string | null;
  readonly value: Value;
}

/**
 * An inbox: topic to Postgres, exactly once. `handle` is called inside a database transaction that also moves
 * the offset by compare-and-set; whatever it writes through `client` is committed with the offset or not at all.
 * It must do nothing that is not undone by a rollback. Records are at most FAULTLINE_BATCH_RECORDS, of one
 * partition, in order. What cannot be decoded is kept in inbox_rejects with its bytes and the reason.
 */
export interface InboxSpec<Topic extends TopicName> {
  /** Consumer group without the prefix, as in the topic table. */
  readonly group: string;
  readonly topic: Topic;
  readonly handle: (
    client: PoolClient,
    records: readonly InboxRecord<RecordOn<Topic>>[],
    context: ServiceContext,
  ) => Promise<void>;
}

/** Makes a component of an inbox; `inboxComponent` in this package. */
export type InboxComponent = <Topic extends TopicName>(spec: InboxSpec<Topic>) => Component;

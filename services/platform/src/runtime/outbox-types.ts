import type { PoolClient } from 'pg';
import type { TopicName } from '@faultline/schemas';
import type { RecordOn } from '../registry/codecs.ts';
import type { ServiceContext } from '../lifecycle/component.ts';

/** A record to be sent once the transaction that writes it has been committed. */
export interface OutboxEntry<Topic extends TopicName> {
  /** Relay that sends it: rows of one shard keep their order. */
  readonly shard: string;
  readonly topic: Topic;
  readonly key: string;
  readonly record: RecordOn<Topic>;
}

/** Writes a row with the next gapless sequence of its shard, in the caller's transaction; `enqueueOutbox` in this package. */
export type EnqueueOutbox = <Topic extends TopicName>(
  client: PoolClient,
  context: Pick<ServiceContext, 'codecs'>,
  entry: OutboxEntry<Topic>,
) => Promise<void>;

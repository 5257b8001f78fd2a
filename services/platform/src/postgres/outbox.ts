import type { EnqueueOutbox } from '../runtime/outbox-types.ts';

/**
 * Writes a row with the next gapless sequence of its shard. The row of the shard is locked until the caller's
 * transaction ends, so that sequences become visible in their order and an aborted one leaves no gap.
 */
export const enqueueOutbox: EnqueueOutbox = async (client, { codecs }, { shard, topic, key, record }) => {
  const value = codecs.encode(topic, record);
  await client.query({
    name: 'outbox-enqueue',
    text: `WITH taken AS (
             INSERT INTO outbox_shards AS s (shard, next_seq) VALUES ($1, 2)
             ON CONFLICT (shard) DO UPDATE SET next_seq = s.next_seq + 1
             RETURNING next_seq - 1 AS seq)
           INSERT INTO outbox (shard, seq, topic, key, value) SELECT $1, seq, $2, $3, $4 FROM taken`,
    values: [shard, topic, key, value],
  });
};

import type { InboxSpec } from '@faultline/platform';
import { SinkState, writeBatch } from './write-batch.ts';

/** The sink: each outcome once into history, current states, sums and ledger. Wants nothing of the configuration. */
export function sinkInbox(): InboxSpec<'errors.outcomes'> {
  const state = new SinkState();
  return {
    group: 'analytics',
    topic: 'errors.outcomes',
    handle: async (client, records) => {
      const shard = records[0]?.partition;
      if (shard === undefined) return;
      await writeBatch(
        client,
        {
          shard,
          outcomes: records.map(({ value }) => value),
          consumedAt: records.reduce((latest, { timestamp }) => Math.max(latest, timestamp), 0),
        },
        state,
      );
    },
  };
}

/**
 * A bare kafkajs exactly-once copy, as a process of its own: reads a topic, writes the same bytes to another,
 * one transaction a batch. What any consume-transform-produce with this client costs at least.
 */
import kafkajs, { type Transaction } from 'kafkajs';

const [brokers = '', from = '', to = '', group = '', limit = '1000'] = process.argv.slice(2);
const maxRecords = Number(limit);
const kafka = new kafkajs.Kafka({
  brokers: brokers.split(','),
  clientId: group,
  logLevel: kafkajs.logLevel.NOTHING,
});
const consumer = kafka.consumer({ groupId: group, maxWaitTimeInMs: 100 });
const producers = new Map<number, Promise<() => Promise<Transaction>>>();

async function transactions(partition: number): Promise<() => Promise<Transaction>> {
  let opened = producers.get(partition);
  if (opened === undefined) {
    opened = (async () => {
      const producer = kafka.producer({
        transactionalId: `${group}.${partition}`,
        maxInFlightRequests: 1,
        retry: { initialRetryTime: 20, multiplier: 1.5, maxRetryTime: 500, retries: 20 },
      });
      await producer.connect();
      return async () => producer.transaction();
    })();
    producers.set(partition, opened);
  }
  return opened;
}

await consumer.connect();
await consumer.subscribe({ topics: [from], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  eachBatchAutoResolve: false,
  partitionsConsumedConcurrently: 16,
  eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
    const begin = await transactions(batch.partition);
    for (let index = 0; index < batch.messages.length; index += maxRecords) {
      const messages = batch.messages.slice(index, index + maxRecords);
      const last = messages.at(-1)?.offset ?? batch.lastOffset();
      const transaction = await begin();
      await transaction.send({
        topic: to,
        messages: messages.map(({ key, value }) => ({ key, value, partition: batch.partition })),
      });
      await transaction.sendOffsets({
        consumerGroupId: group,
        topics: [
          { topic: from, partitions: [{ partition: batch.partition, offset: String(Number(last) + 1) }] },
        ],
      });
      await transaction.commit();
      resolveOffset(last);
      await heartbeat();
    }
    if (batch.messages.length === 0) resolveOffset(batch.lastOffset());
  },
});
process.send?.('ready');
process.once('SIGTERM', () => {
  void consumer.disconnect().then(() => process.exit(0));
});

import { bucketOf, Fault } from '@faultline/stream';
import { topicNames, type TopicName } from '@faultline/schemas';
import { readCommitted, readTopology } from '../kafka/topology.ts';
import { TransactionFailed, TransactionalWriter } from '../kafka/transactional-writer.ts';
import type { Component, Running, ServiceContext } from '../lifecycle/component.ts';
import { onPostgres } from '../postgres/unavailable.ts';
import { failPoints } from './fail-points.ts';

/** Topic whose pseudo partitions carry the sequences of the relays. */
const SEQUENCE_TOPIC: TopicName = 'errors.work';
const POLL_MS = 500;
const BATCH_ROWS = 500;
const KEEP_ROWS = 1_000; // sent rows that stay for the eye, behind which older ones are deleted

interface OutboxRow {
  readonly seq: string;
  readonly topic: TopicName;
  readonly key: string;
  readonly value: Buffer;
}

/** A relay of one shard. `partition` is its own pseudo partition for the sequence. */
export interface OutboxSpec {
  readonly shard: string;
  readonly partition?: number;
}

/**
 * Postgres to topic, exactly once: rows go out in their sequence, and the sequence is committed as an offset in
 * the same Kafka transaction, for a group that has no members. It is read back only behind InitProducerId.
 */
export function outboxComponent(spec: OutboxSpec): Component {
  return { name: `outbox-${spec.shard}`, start: async (context) => startOutbox(spec, context) };
}

async function startOutbox({ shard, partition = 0 }: OutboxSpec, context: ServiceContext): Promise<Running> {
  const { config, kafka, pool, log, metrics, health } = context;
  const groupId = `${config.FAULTLINE_GROUP_PREFIX}.outbox.${shard}`;
  const admin = kafka.client(groupId).admin();
  await admin.connect();
  const { topics } = await readTopology(admin, topicNames);
  const crash = failPoints(config.FAULTLINE_FAIL_POINT, () => process.kill(process.pid, 'SIGKILL'));
  const writer = new TransactionalWriter({
    kafka: () => kafka.client(groupId),
    transactionalId: groupId,
    transactionTimeoutMs: config.FAULTLINE_TRANSACTION_TIMEOUT_MS,
    failPoints: { hit: (point) => (point === 'after-produce' ? crash.hit('outbox-after-send') : undefined) },
  });
  let stopping = false;
  let sent: number | undefined;

  const relay = async (): Promise<number> => {
    if (sent === undefined) {
      await writer.open();
      sent = (await readCommitted(admin, groupId, SEQUENCE_TOPIC, partition)) ?? 0;
    }
    const from = sent;
    const rows = await onPostgres(async () => {
      const { rows: found } = await pool.query<OutboxRow>(
        'SELECT seq, topic, key, value FROM outbox WHERE shard = $1 AND seq > $2 ORDER BY seq LIMIT $3',
        [shard, from, BATCH_ROWS],
      );
      return found;
    });
    const last = rows.at(-1);
    if (last === undefined) return 0;
    const expected = from + rows.length;
    if (Number(last.seq) !== expected) {
      throw new Fault(
        'STAGE_CONTRACT',
        `the outbox ${shard} has a gap: ${expected} expected, ${last.seq} read`,
        {
          remedy: 'restore the missing rows from a backup; nothing was sent beyond the gap',
        },
      );
    }
    const records = rows.map(({ topic, key, value }) => ({
      topic,
      partition: bucketOf(key, topics.get(topic)?.partitions ?? 1),
      key: Buffer.from(key),
      value,
      headers: {},
    }));
    await writer.write(records, { groupId, topic: SEQUENCE_TOPIC, partition, offset: expected });
    sent = expected;
    metrics.inc('faultline_outbox_records_total', { shard }, rows.length);
    await pool
      .query('DELETE FROM outbox WHERE shard = $1 AND seq <= $2', [shard, expected - KEEP_ROWS])
      .catch((error: unknown) => log.debug({ err: error }, 'sent rows not deleted yet'));
    return rows.length;
  };

  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        const rows = await relay();
        health.up(`outbox-${shard}`);
        if (rows < BATCH_ROWS) await pause(POLL_MS);
      } catch (error) {
        const waits =
          error instanceof TransactionFailed ||
          (error instanceof Fault && error.retryable) ||
          (error instanceof Error && error.name.startsWith('KafkaJS'));
        if (!waits) throw error;
        sent = undefined; // only the committed sequence tells how far it went
        health.down(
          `outbox-${shard}`,
          error,
          'bring the broker and Postgres back; the relay goes on by itself',
        );
        await pause(POLL_MS * 2);
      }
    }
  };
  const done = loop().catch(context.fatal);
  return {
    stop: async () => {
      stopping = true;
      await done;
      await writer.close();
      await admin.disconnect().catch(() => undefined);
    },
  };
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

import { UndecodableError, type TopicName, type TopicRecordName } from '@faultline/schemas';
import { topics } from '@faultline/schemas';
import { Fault, storableText } from '@faultline/stream';
import type { PoolClient } from 'pg';
import type { InputSlice } from '../kafka/slices.ts';
import type { ServiceContext } from '../lifecycle/component.ts';
import { isUnavailable, onPostgres } from '../postgres/unavailable.ts';
import type { RecordOn } from '../registry/codecs.ts';
import type { FailPoints } from './fail-points.ts';
import type { InboxRecord, InboxSpec } from './inbox-types.ts';
import { OffsetMoved, type Chunk, type PartitionSink } from './partition-loop.ts';

/** What an inbox on one partition consists of. */
export interface InboxSinkOptions<Topic extends TopicName> {
  readonly spec: InboxSpec<Topic>;
  readonly context: ServiceContext;
  readonly consumer: string;
  readonly partition: number;
  readonly topicId: string;
  readonly failPoints: FailPoints;
  /** Offset where the log begins, for a partition that was never read. */
  readonly logStart: () => Promise<number>;
  /** Checks an offset against the log; throws where it is out of range. */
  readonly check: (offset: number) => Promise<void>;
  /** Commits to the group, for display alone. */
  readonly display: (offset: number) => void;
}

/** Topic to Postgres: a chunk and its offset are one database transaction. */
export function inboxSink<Topic extends TopicName>(options: InboxSinkOptions<Topic>): PartitionSink {
  const { spec, context, consumer, partition, topicId } = options;
  let position = -1;

  const open = async (): Promise<number> => {
    const start = await options.logStart();
    const { rows } = await onPostgres(async () =>
      context.pool.query<{ off: string; topic_id: string }>(
        `INSERT INTO inbox_offsets AS o (consumer, topic, part, topic_id, off) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (consumer, topic, part) DO UPDATE SET moved_at = o.moved_at
         RETURNING off, topic_id`,
        [consumer, spec.topic, partition, topicId, start],
      ),
    );
    const row = rows[0];
    if (row === undefined || row.topic_id !== topicId) {
      throw new Fault('TOPIC_RECREATED', `${spec.topic} is not the topic whose offsets ${consumer} keeps`, {
        remedy: 'accept the new topic with faultline provision --accept-topics',
      });
    }
    position = Number(row.off);
    await options.check(position);
    return position;
  };

  const take = async (chunk: Chunk): Promise<void> => {
    const { records, rejects } = await decodeAll(options, chunk.slices);
    const client = await onPostgres(async () => context.pool.connect());
    let broken: unknown;
    try {
      await client.query('BEGIN');
      const { rowCount } = await client.query({
        name: 'move-offset',
        text: `UPDATE inbox_offsets SET off = $5, moved_at = now()
               WHERE consumer = $1 AND topic = $2 AND part = $3 AND off = $4`,
        values: [consumer, spec.topic, partition, chunk.from, chunk.next],
      });
      if (rowCount !== 1) throw new OffsetMoved();
      if (records.length > 0) await spec.handle(client, records, context);
      for (const reject of rejects) await keepReject(client, options, reject);
      options.failPoints.hit('inbox-before-commit');
      await client.query('COMMIT');
      options.failPoints.hit('inbox-after-commit');
    } catch (error) {
      broken = error;
      await client.query('ROLLBACK').catch(() => undefined);
    } finally {
      client.release(isUnavailable(broken));
    }
    if (broken !== undefined) {
      position = -1; // whether COMMIT had its effect is known only by reading the offset again
      await onPostgres(async () => {
        throw broken;
      });
    }
    position = chunk.next;
    context.metrics.inc('faultline_inbox_records_total', { group: spec.group }, records.length);
    options.display(chunk.next);
  };

  return {
    open,
    close: async () => undefined,
    take: async (chunk) => {
      if (chunk.from !== position) throw new OffsetMoved();
      await take(chunk);
    },
  };
}

interface Reject {
  readonly slice: InputSlice;
  readonly error: UndecodableError;
}

async function decodeAll<Topic extends TopicName>(
  { spec, context, partition }: InboxSinkOptions<Topic>,
  slices: readonly InputSlice[],
): Promise<{
  readonly records: readonly InboxRecord<RecordOn<Topic>>[];
  readonly rejects: readonly Reject[];
}> {
  const codec = context.codecs.reader(topics[spec.topic].value as TopicRecordName);
  await codec.prepare(slices.map(({ value }) => value));
  const records: InboxRecord<RecordOn<Topic>>[] = [];
  const rejects: Reject[] = [];
  for (const slice of slices) {
    try {
      records.push({
        topic: spec.topic,
        partition,
        offset: slice.offset,
        timestamp: slice.timestamp,
        key: slice.key?.toString('utf8') ?? null,
        value: codec.decode(slice.value) as RecordOn<Topic>,
      });
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error;
      rejects.push({ slice, error });
    }
  }
  return { records, rejects };
}

async function keepReject<Topic extends TopicName>(
  client: PoolClient,
  { spec, consumer, partition }: InboxSinkOptions<Topic>,
  { slice, error }: Reject,
): Promise<void> {
  await client.query(
    `INSERT INTO inbox_rejects (consumer, topic, part, off, reason, detail, key, value)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      consumer,
      spec.topic,
      partition,
      slice.offset,
      error.fault,
      storableText(error.message),
      slice.key,
      slice.value,
    ],
  );
}

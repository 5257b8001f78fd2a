import { delayTiersMs } from '@faultline/schemas';
import { Fault } from '@faultline/stream';
import type { Admin } from 'kafkajs';
import type { Pool } from 'pg';
import { readRetentionMs, readTopology, type Topology } from '../kafka/topology.ts';
import { onPostgres } from '../postgres/unavailable.ts';

interface TopologyRow {
  readonly topic: string;
  readonly cluster_id: string;
  readonly topic_id: string;
  readonly partitions: number;
}

/**
 * Reads the topics that a service works on and compares them with what the provisioning recorded. A recreated
 * topic or another number of partitions is refused: offsets would mean other records, keys other partitions.
 */
export async function checkedTopology(admin: Admin, pool: Pool, names: readonly string[]): Promise<Topology> {
  const topology = await readTopology(admin, names);
  const { rows } = await onPostgres(async () =>
    pool.query<TopologyRow>(
      'SELECT topic, cluster_id, topic_id, partitions FROM topology WHERE topic = ANY($1)',
      [names],
    ),
  );
  for (const row of rows) {
    const now = topology.topics.get(row.topic);
    if (now === undefined) continue;
    if (row.cluster_id !== topology.clusterId || row.topic_id !== now.topicId) {
      throw new Fault(
        'TOPIC_RECREATED',
        `${row.topic} is not the topic that the state in Postgres belongs to: its id was ${row.topic_id} and is ${now.topicId}`,
        {
          remedy:
            'point FAULTLINE_BROKERS and DATABASE_URL at what belongs together, or accept the new topic with faultline provision --accept-topics',
        },
      );
    }
    if (row.partitions !== now.partitions) {
      throw new Fault(
        'PARTITIONS_CHANGED',
        `${row.topic} has ${now.partitions} partitions; the line was provisioned with ${row.partitions}`,
        { remedy: 'drain the line, then accept the new number with faultline provision --accept-topics' },
      );
    }
  }
  if (names.includes('errors.delayed')) await checkDelayRetention(admin);
  return topology;
}

async function checkDelayRetention(admin: Admin): Promise<void> {
  const retentionMs = await readRetentionMs(admin, 'errors.delayed');
  const longest = delayTiersMs.at(-1) ?? 0;
  if (retentionMs < longest * 2) {
    throw new Fault(
      'TOPIC_MISCONFIGURED',
      `errors.delayed keeps records for ${retentionMs} ms, but one may wait for ${longest} ms: it would expire, which is loss`,
      {
        remedy: `set retention.ms of errors.delayed to at least ${longest * 2}; the provisioning sets 7 days`,
      },
    );
  }
}

import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { topicNames, type TopicName } from '@faultline/schemas';
import type { BaseConfig } from '../config/base-config.ts';
import { kafkaConnection } from '../kafka/connection.ts';
import { readTopology } from '../kafka/topology.ts';
import { serviceLogger } from '../observability/logger.ts';
import { migrate } from '../postgres/migrate.ts';
import { createTopics } from './create-topics.ts';
import { registerSchemas } from './register-schemas.ts';

/** Where this repository and its image keep the migrations. */
const migrationsBesideCode = fileURLToPath(new URL('../../../../infra/postgres/migrations', import.meta.url));

/** What the provisioning did. */
export interface Provisioned {
  readonly topics: readonly TopicName[];
  readonly schemas: Readonly<Partial<Record<TopicName, number>>>;
  readonly migrations: readonly string[];
}

/** Creates topics, registers schemas and migrates, side by side; again, it changes nothing. */
export async function provision(
  config: BaseConfig,
  options: { readonly acceptTopics: boolean },
): Promise<Provisioned> {
  const log = serviceLogger('provision', '0', 'fatal');
  const admin = kafkaConnection(config.FAULTLINE_BROKERS, log).client('faultline-provision').admin();
  const pool = new Pool({ connectionString: config.DATABASE_URL, max: 2 });
  try {
    await admin.connect();
    const [topics, schemas, migrations] = await Promise.all([
      createTopics(admin, config),
      registerSchemas(config.FAULTLINE_REGISTRY_URL),
      migrate(pool, config.FAULTLINE_MIGRATIONS ?? migrationsBesideCode),
    ]);
    await recordTopology(admin, pool, options.acceptTopics);
    return { topics, schemas, migrations };
  } finally {
    await admin.disconnect().catch(() => undefined);
    await pool.end();
  }
}

/** Records ids and partitions of the topics: what is there already stays, unless the new topics are accepted. */
async function recordTopology(
  admin: Parameters<typeof readTopology>[0],
  pool: Pool,
  accept: boolean,
): Promise<void> {
  const topology = await readTopology(admin, topicNames);
  for (const [topic, { topicId, partitions }] of topology.topics) {
    await pool.query(
      `INSERT INTO topology (topic, cluster_id, topic_id, partitions) VALUES ($1, $2, $3, $4)
       ON CONFLICT (topic) DO ${accept ? 'UPDATE SET cluster_id = $2, topic_id = $3, partitions = $4, seen_at = now()' : 'NOTHING'}`,
      [topic, topology.clusterId, topicId, partitions],
    );
    if (accept)
      await pool.query('DELETE FROM inbox_offsets WHERE topic = $1 AND topic_id <> $2', [topic, topicId]);
  }
}

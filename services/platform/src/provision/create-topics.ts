import type { Admin } from 'kafkajs';
import { delayTiersMs, topicNames, topics, type TopicName } from '@faultline/schemas';
import type { BaseConfig } from '../config/base-config.ts';

/** What strangers may send: a log of 5 MB goes through whole. */
const MAX_MESSAGE_BYTES = 8 * 1_048_576;
/**
 * What the line itself may write: a record as it goes on is the event, redacted, and what the stages add, and a dead
 * letter is the bytes and their reason. One that the broker refused would hold its partition for ever.
 */
const MAX_OWN_BYTES = 4 * MAX_MESSAGE_BYTES;

/** Partitions of a topic by the configuration. */
export const partitionsFor = (topic: TopicName, config: BaseConfig): number =>
  topics[topic].partitions === 'delay-tiers'
    ? config.FAULTLINE_DELAY_SLOTS * delayTiersMs.length
    : config.FAULTLINE_PARTITIONS;

/** Creates the topics of the table that are not there; gives their names. Existing ones stay as they are. */
export async function createTopics(admin: Admin, config: BaseConfig): Promise<readonly TopicName[]> {
  const existing = new Set(await admin.listTopics());
  const missing = topicNames.filter((name) => !existing.has(name));
  if (missing.length === 0) return [];
  await admin.createTopics({
    waitForLeaders: true,
    topics: missing.map((topic) => ({
      topic,
      numPartitions: partitionsFor(topic, config),
      replicationFactor: config.FAULTLINE_REPLICATION,
      configEntries: [
        { name: 'retention.ms', value: String(topics[topic].retentionMs) },
        { name: 'message.timestamp.type', value: topics[topic].timestamp },
        { name: 'max.message.bytes', value: String(maxBytes(topic)) },
        { name: 'min.insync.replicas', value: String(config.FAULTLINE_MIN_ISR) },
        { name: 'cleanup.policy', value: 'delete' },
      ],
    })),
  });
  return missing;
}

const maxBytes = (topic: TopicName): number =>
  topic === 'errors.raw' || topic === 'errors.feedback' ? MAX_MESSAGE_BYTES : MAX_OWN_BYTES;

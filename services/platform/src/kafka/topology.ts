import kafkajs, { type Admin } from 'kafkajs';
import { Fault } from '@faultline/stream';

/** A topic as the cluster has it now. */
export interface TopicState {
  readonly topicId: string;
  readonly partitions: number;
}

/** The cluster and its topics. */
export interface Topology {
  readonly clusterId: string;
  readonly topics: ReadonlyMap<string, TopicState>;
}

/** Reads ids and partitions of `names`. Throws where a topic is missing or the broker is too old to give ids. */
export async function readTopology(admin: Admin, names: readonly string[]): Promise<Topology> {
  const { clusterId } = await admin.describeCluster();
  const existing = new Set(await admin.listTopics());
  const missing = names.filter((name) => !existing.has(name));
  if (missing.length > 0) {
    throw new Fault('TOPIC_MISCONFIGURED', `the cluster has no topic ${missing.join(', ')}`, {
      remedy: 'run the provisioning: faultline provision, or npm start, which does it',
    });
  }
  const { topics } = await admin.fetchTopicMetadata({ topics: [...names] });
  const states = topics.map(({ name, topicId, partitions }): readonly [string, TopicState] => {
    if (topicId === undefined) {
      throw new Fault('TOPIC_MISCONFIGURED', `the broker gives no id for the topic ${name}`, {
        remedy: 'use Kafka 3.9 or later; and run npm install, which patches the client',
      });
    }
    return [name, { topicId, partitions: partitions.length }];
  });
  return { clusterId, topics: new Map(states) };
}

/** First offset and offset behind the last record of one partition. */
export interface LogRange {
  readonly low: number;
  readonly high: number;
}

/** Reads the range of offsets that a partition holds. */
export async function readLogRange(admin: Admin, topic: string, partition: number): Promise<LogRange> {
  const offsets = await admin.fetchTopicOffsets(topic);
  const found = offsets.find((entry) => entry.partition === partition);
  if (found === undefined) {
    throw new Fault('TOPIC_MISCONFIGURED', `the topic ${topic} has no partition ${partition}`, {
      remedy: 'run the provisioning again',
    });
  }
  return { low: Number(found.low), high: Number(found.high) };
}

/** Offset that a group committed for a partition; undefined where it has committed none. */
export async function readCommitted(
  admin: Admin,
  groupId: string,
  topic: string,
  partition: number,
): Promise<number | undefined> {
  const [entry] = await admin.fetchOffsets({ groupId, topics: [topic] });
  const found = entry?.partitions.find((candidate) => candidate.partition === partition);
  const offset = found === undefined ? -1 : Number(found.offset);
  return offset < 0 ? undefined : offset;
}

/** `retention.ms` of a topic; Infinity where it keeps records for ever. */
export async function readRetentionMs(admin: Admin, topic: string): Promise<number> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }],
  });
  const value = Number(resources[0]?.configEntries[0]?.configValue ?? Number.NaN);
  return value < 0 ? Infinity : value;
}

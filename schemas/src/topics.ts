import type { RecordName } from './registered.ts';

/** What stands in the value of a topic's records; `bytes` is whatever was read, unchanged. */
export type ValueKind = RecordName | 'bytes';

/** One row of the topic table. */
export interface TopicSpec {
  /** The record that the value holds. */
  readonly value: ValueKind;
  /** What the key holds, for documents. */
  readonly key: string;
  /** Who writes it. */
  readonly writtenBy: readonly string[];
  /** Who reads it: consumer groups, by role. */
  readonly readBy: readonly string[];
  /** How long the broker keeps it, in milliseconds. */
  readonly retentionMs: number;
  /** How the number of partitions follows from the configured one. */
  readonly partitions: 'configured' | 'delay-tiers';
  /** Whether the broker's clock or the producer's stamps the records. */
  readonly timestamp: 'CreateTime' | 'LogAppendTime';
  /** One sentence for documents. */
  readonly doc: string;
}

const DAY_MS = 86_400_000;

/** Every topic of the line. Topics, AsyncAPI and documents come from this table. */
export const topics = {
  'errors.raw': {
    value: 'ErrorEvent',
    key: "the producer's",
    writtenBy: ['anyone'],
    readBy: ['classifier'],
    retentionMs: 3 * DAY_MS, // foreign producers may not redact, so it is kept for a short time
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Errors as their producers saw them.',
  },
  'errors.classified': {
    value: 'ErrorRecord',
    key: 'operation, else event id',
    writtenBy: ['classifier', 'escalator'],
    readBy: ['retrier'],
    retentionMs: 7 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Errors with their classification.',
  },
  'errors.delayed': {
    value: 'ErrorRecord',
    key: 'operation, else event id',
    writtenBy: ['retrier'],
    readBy: ['retrier'],
    retentionMs: 7 * DAY_MS, // 28 times the longest tier of 6 h
    partitions: 'delay-tiers',
    timestamp: 'LogAppendTime',
    doc: 'Records that wait for their next retry; partition = slot * 8 + tier.',
  },
  'errors.fixable': {
    value: 'ErrorRecord',
    key: 'operation, else event id',
    writtenBy: ['retrier', 'escalator'],
    readBy: ['fixer'],
    retentionMs: 7 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Errors that retrying did not end.',
  },
  'errors.unresolved': {
    value: 'ErrorRecord',
    key: 'fingerprint',
    writtenBy: ['fixer'],
    readBy: ['escalator'],
    retentionMs: 7 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Errors that neither a retry nor a fix ended.',
  },
  'errors.escalated': {
    value: 'ErrorRecord',
    key: 'fingerprint',
    writtenBy: ['escalator'],
    readBy: ['escalator-notifier', 'subscribers'],
    retentionMs: 14 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Errors put before an agent or a person, with their whole context.',
  },
  'errors.incidents': {
    value: 'Incident',
    key: 'incident',
    writtenBy: ['escalator-outbox'],
    readBy: ['subscribers'],
    retentionMs: 14 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Transitions of incidents.',
  },
  'errors.work': {
    value: 'Work',
    key: 'event id',
    writtenBy: ['fixer', 'escalator'],
    readBy: ['fixer-work', 'escalator-work'],
    retentionMs: 7 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Long work that a stage asks for.',
  },
  'errors.outcomes': {
    value: 'Outcome',
    key: 'event id',
    writtenBy: ['classifier', 'retrier', 'fixer', 'escalator'],
    readBy: ['analytics'],
    retentionMs: 14 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'One record for each transition.',
  },
  'errors.feedback': {
    value: 'Observation',
    key: 'operation or incident',
    writtenBy: ['gateway', 'adapters', 'people', 'any program'],
    readBy: ['analytics-feedback'],
    retentionMs: 14 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'What the world did.',
  },
  'errors.dead-letter': {
    value: 'bytes',
    key: 'as read',
    writtenBy: ['classifier', 'retrier', 'fixer', 'escalator'],
    readBy: ['redrive'],
    retentionMs: 30 * DAY_MS,
    partitions: 'configured',
    timestamp: 'LogAppendTime',
    doc: 'Records that could not be processed, byte for byte, with the reason in headers.',
  },
} as const satisfies Record<string, TopicSpec>;

/** Name of a topic of the line; an unknown name does not compile. */
export type TopicName = keyof typeof topics;

/** All names, in the order of the line. */
export const topicNames = Object.keys(topics) as readonly TopicName[];

/** Topics whose values have a schema. */
export const schemaTopics = topicNames.filter((name) => topics[name].value !== 'bytes');

/** Subject under which a topic's value schema is registered. */
export const subjectOf = (topic: TopicName): string => `${topic}-value`;

/** Fixed delays of the tiers of errors.delayed, in milliseconds; a tier never changes its meaning. */
export const delayTiersMs = [0, 1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000] as const;

/** Partition of errors.delayed for a slot and a tier: growth only appends slots. */
export const delayPartition = (slot: number, tier: number): number => slot * delayTiersMs.length + tier;

/** Tier of a partition of errors.delayed. */
export const tierOfPartition = (partition: number): number => partition % delayTiersMs.length;

/** Largest tier that does not overshoot `delayMs`, so that what remains cascades through smaller ones. */
export function tierFor(delayMs: number): number {
  let tier = 0;
  for (let index = 0; index < delayTiersMs.length; index += 1) {
    if ((delayTiersMs[index] ?? Infinity) <= delayMs) tier = index;
  }
  return tier;
}

import { createHash } from 'node:crypto';
import {
  delayPartition,
  delayTiersMs,
  tierFor,
  type ErrorRecord,
  type Outcome,
  type TopicName,
} from '@faultline/schemas';
import { bucketOf, keyOn, type Advance } from '@faultline/stream';
import type { OutputRecord } from '../kafka/slices.ts';
import type { Codecs } from '../registry/codecs.ts';

/** Header of a delayed record: not before this moment, in milliseconds since the epoch. */
export const NOT_BEFORE_HEADER = 'faultline-not-before';

/** Partitions of the topics that a stage writes to. */
export type PartitionsOf = (topic: TopicName) => number;

/** Turns a decision into encoded records with chosen partitions. */
export class Outputs {
  readonly #codecs: Codecs;
  readonly #partitionsOf: PartitionsOf;

  constructor(codecs: Codecs, partitionsOf: PartitionsOf) {
    this.#codecs = codecs;
    this.#partitionsOf = partitionsOf;
  }

  /** What one decision writes, less its dead letter, which is bytes. */
  of({ move, record, outcome, work }: Advance, traceparent: string, now: number): readonly OutputRecord[] {
    const out: OutputRecord[] = [this.outcome(outcome)];
    const headers = { traceparent };
    if (record !== undefined && move.kind === 'emit') {
      const key = keyOn(move.to, record);
      out.push({ ...this.#line(move.to, record, key), headers });
    }
    if (record !== undefined && move.kind === 'delay') {
      const key = keyOn('errors.delayed', record);
      const slots = this.#partitionsOf('errors.delayed') / delayTiersMs.length;
      const tier = tierFor(move.notBefore - now);
      out.push({
        ...this.#line('errors.delayed', record, key),
        partition: delayPartition(bucketOf(key, Math.floor(slots)), tier),
        headers: { ...headers, [NOT_BEFORE_HEADER]: String(move.notBefore) },
      });
    }
    for (const item of work) {
      const key = outcome.eventId ?? item.id;
      const value = this.#codecs.encode('errors.work', item);
      out.push({
        topic: 'errors.work',
        partition: this.#bucket('errors.work', key),
        key: Buffer.from(key),
        value,
        headers,
      });
    }
    return out;
  }

  /** A transition or a range report on errors.outcomes. */
  outcome(outcome: Outcome): OutputRecord {
    const key =
      outcome.range === null
        ? (outcome.eventId ?? outcome.id)
        : `range:${outcome.range.topicId}:${outcome.range.partition}`;
    return {
      topic: 'errors.outcomes',
      partition: this.#bucket('errors.outcomes', key),
      key: Buffer.from(key),
      value: this.#codecs.encode('errors.outcomes', outcome),
      headers: {},
    };
  }

  #line(
    topic:
      'errors.classified' | 'errors.fixable' | 'errors.unresolved' | 'errors.escalated' | 'errors.delayed',
    record: ErrorRecord,
    key: string,
  ): OutputRecord {
    return {
      topic,
      partition: this.#bucket(topic, key),
      key: Buffer.from(key),
      value: this.#codecs.encode(topic, record),
      headers: {},
    };
  }

  #bucket(topic: TopicName, key: string): number {
    return bucketOf(key, this.#partitionsOf(topic));
  }
}

/** SHA-256 of bytes, hex. */
export const sha256Hex = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

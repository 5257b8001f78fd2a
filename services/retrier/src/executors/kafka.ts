import { timed, type Clock, type Executor } from './executor.ts';

/** A record to publish again. */
export interface Republish {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Publishes records: the platform gives it. Resolves when the broker has acknowledged, else rejects. */
export interface RepublishPort {
  publish(record: Republish, signal: AbortSignal): Promise<void>;
}

/** What the Kafka executor is built with. */
export interface KafkaExecutorDeps {
  readonly port: RepublishPort;
  /** Topics that may be published to. The line's own never are: an error would feed itself. */
  readonly topics: readonly string[];
  readonly now: Clock;
}

/** Header that carries the key of the attempt, by which a consumer knows a repetition. */
export const ATTEMPT_HEADER = 'faultline-attempt';
/** A legal name of a topic (org.apache.kafka.common.internals.Topic). */
const TOPIC = /^[a-zA-Z0-9._-]{1,249}$/;

/**
 * Runs an operation again by publishing its record again. Success means that the broker has taken it: what
 * the consumer makes of it comes back as another error, or not at all.
 */
export function createKafkaExecutor({ port, topics, now }: KafkaExecutorDeps): Executor {
  return timed(now, async ({ rerun, key, idempotent }, signal) => {
    const { target: topic } = rerun;
    if (!TOPIC.test(topic) || topic.startsWith('errors.') || topic.startsWith('_')) {
      return { state: 'refused', detail: 'the target is not a topic that records are published to again' };
    }
    if (!topics.includes(topic)) {
      return { state: 'refused', detail: `the topic ${topic} is not in FAULTLINE_REPUBLISH_TOPICS` };
    }
    try {
      const headers = { ...rerun.headers, [ATTEMPT_HEADER]: key };
      await port.publish({ topic, key: rerun.key, value: rerun.body, headers }, signal);
      return { state: 'succeeded', detail: `published again to ${topic}` };
    } catch (error) {
      const detail = `publishing to ${topic}: ${error instanceof Error ? error.message : String(error)}`;
      // Without an acknowledgement the record may stand on the topic nevertheless.
      return { state: idempotent ? 'failed' : 'unknown', detail };
    }
  });
}

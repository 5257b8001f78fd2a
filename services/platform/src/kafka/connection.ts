import kafkajs, { type Kafka, type KafkaConfig, type LogEntry, type logLevel } from 'kafkajs';
import type { Logger } from 'pino';

/** Messages that kafkajs logs as errors and that are a normal part of transactions and rebalances. */
const expected =
  /group coordinator is not available|coordinator is loading|not the correct coordinator|still in progress|concurrent|CONCURRENT_TRANSACTIONS|COORDINATOR_LOAD_IN_PROGRESS|rebalancing|coordinator is not aware|NOT_COORDINATOR|default partitioner/i;

/** Makes kafkajs clients that log through ours and never fall back to its console. */
export interface KafkaConnection {
  readonly brokers: readonly string[];
  /** A client of its own: consumers of one group on one client share an offset map, so each needs one. */
  readonly client: (clientId: string) => Kafka;
}

/** Connects nothing yet: a client connects when it is used. */
export function kafkaConnection(
  brokers: readonly string[],
  log: Pick<Logger, 'trace' | 'debug' | 'warn'>,
): KafkaConnection {
  const toOurs = (level: logLevel, { message, ...extra }: LogEntry['log']): void => {
    const fields = { kafka: { error: extra['error'], groupId: extra['groupId'] } };
    if (level > kafkajs.logLevel.WARN) log.trace(fields, message);
    else if (expected.test(message) || expected.test(String(extra['error']))) log.debug(fields, message);
    else log.warn(fields, message);
  };
  const base: KafkaConfig = {
    brokers: [...brokers],
    connectionTimeout: 10_000,
    requestTimeout: 10_000, // below the transaction time-out of 15 s, so that a late request cannot outlive it
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, multiplier: 2, maxRetryTime: 2_000, retries: 8 },
    logCreator:
      () =>
      ({ level, log: entry }) =>
        toOurs(level, entry),
  };
  return { brokers, client: (clientId) => new kafkajs.Kafka({ ...base, clientId }) };
}

import { kafkaConnection, lineProducer, registryCodecs } from '@faultline/platform';
import type { Coordinate, ErrorEvent } from '@faultline/schemas';

/** A cluster that takes errors. */
export interface Cluster {
  /** Resolves with the coordinate when the brokers have acknowledged. */
  readonly send: (event: ErrorEvent) => Promise<Coordinate>;
  readonly stop: () => Promise<void>;
}

/** Where a cluster is. */
export interface ClusterAddress {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
}

const ACKNOWLEDGE_MS = 30_000;
const silent = { trace: () => undefined, debug: () => undefined, warn: () => undefined };

/** A way into a cluster. This file alone needs Kafka: it is loaded when the first error is sent there. */
export function openCluster({ brokers, registryUrl }: ClusterAddress): Cluster {
  const producer = lineProducer({
    kafka: kafkaConnection(brokers, silent),
    codecs: async () => registryCodecs(registryUrl),
    clientId: 'faultline-library',
    acknowledgeWithinMs: ACKNOWLEDGE_MS,
  });
  return {
    send: async (event) => {
      const [coordinate] = await producer.send('errors.raw', [
        { key: event.operation ?? event.id, record: event },
      ]);
      if (coordinate === undefined) throw new Error('the broker acknowledged nothing');
      return coordinate;
    },
    stop: async () => producer.stop(),
  };
}

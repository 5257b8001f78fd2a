import type { Coordinate, ErrorEvent } from '@faultline/schemas';
import type { Settings } from '../settings/settings.ts';

/** A cluster that takes errors. */
export interface Cluster {
  /** Resolves with the coordinate when the brokers have acknowledged. */
  readonly send: (event: ErrorEvent) => Promise<Coordinate>;
  readonly stop: () => Promise<void>;
}

const ACKNOWLEDGE_MS = 30_000;

/** A way into a cluster. What it needs of Kafka is loaded here, and only here. */
export async function openCluster(cluster: NonNullable<Settings['cluster']>): Promise<Cluster> {
  const { kafkaConnection, lineProducer, registryCodecs, serviceLogger } =
    await import('@faultline/platform');
  const producer = lineProducer({
    kafka: kafkaConnection(cluster.brokers, serviceLogger('library', '0', 'silent')),
    codecs: async () => registryCodecs(cluster.registryUrl),
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

import { KafkaContainer } from '@testcontainers/kafka';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, Network, Wait } from 'testcontainers';

/** Addresses for FAULTLINE_TEST_BROKERS, _REGISTRY_URL and _DATABASE_URL, and how to end it all. */
export interface TestContainers {
  readonly brokers: string;
  readonly registryUrl: string;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Confluent's build of Kafka 4.0, the one that the module knows how to start. */
const KAFKA_IMAGE = 'confluentinc/cp-kafka:8.0.0';
const REGISTRY_IMAGE = 'apicurio/apicurio-registry:3.0.9';
const POSTGRES_IMAGE = 'postgres:18.1-alpine';

/**
 * The same three servers as the native cluster, in throw-away containers: for the integration
 * suite on a machine whose Docker engine answers. Settings are those of infra/kafka.
 */
export async function startContainers(): Promise<TestContainers> {
  const network = await new Network().start();
  const started: { stop(): Promise<unknown> }[] = [];
  const stop = async (): Promise<void> => {
    for (const container of started.toReversed()) await container.stop();
    await network.stop();
  };
  const keep = <T extends { stop(): Promise<unknown> }>(container: T): T => {
    started.push(container);
    return container;
  };
  try {
    const [kafka, postgres] = await Promise.all([
      new KafkaContainer(KAFKA_IMAGE)
        .withKraft()
        .withNetwork(network)
        .withNetworkAliases('kafka')
        .withEnvironment({
          KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
          KAFKA_MESSAGE_MAX_BYTES: '8388608',
          KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS: '1000',
          KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '8',
          KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '8',
        })
        .start()
        .then(keep),
      new PostgreSqlContainer(POSTGRES_IMAGE).withDatabase('faultline_test').start().then(keep),
    ]);
    const registry = await new GenericContainer(REGISTRY_IMAGE)
      .withNetwork(network)
      .withEnvironment({
        APICURIO_STORAGE_KIND: 'kafkasql',
        APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: 'kafka:9092',
      })
      .withExposedPorts(8080)
      .withWaitStrategy(Wait.forHttp('/health/ready', 8080))
      .withStartupTimeout(120_000)
      .start()
      .then(keep);
    return {
      brokers: `${kafka.getHost()}:${kafka.getMappedPort(9093)}`,
      registryUrl: `http://${registry.getHost()}:${registry.getMappedPort(8080)}/apis/ccompat/v7`,
      databaseUrl: postgres.getConnectionUri(),
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

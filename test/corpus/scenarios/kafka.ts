import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const here = `--bootstrap-server 127.0.0.1:${ports.kafka}`;
const impatient = { 'client.properties': 'default.api.timeout.ms=4000\nrequest.timeout.ms=2000\n' };

/** The command line tools and the server of Apache Kafka. */
export const kafka: ToolScenarios = {
  tool: 'kafka',
  version:
    'ls "$(dirname "$(command -v kafka-topics.sh)")/../libs" | sed -n "s/^kafka-clients-\\(.*\\)\\.jar/\\1/p"',
  needs: ['java'],
  toolchains: ['kafka'],
  scenarios: [
    {
      id: 'kafka-unreachable',
      title: 'No broker answers',
      fails: ['network.refused', 'backoff'],
      files: impatient,
      run: `kafka-topics.sh --bootstrap-server 127.0.0.1:${ports.refused} --command-config client.properties --list`,
      cause: /Timed out waiting for a node assignment/,
    },
    {
      id: 'kafka-bootstrap-dns',
      title: 'The host of the broker does not resolve',
      fails: ['network.dns', 'backoff'],
      files: impatient,
      run: 'kafka-topics.sh --bootstrap-server kafka.acme.invalid:9092 --command-config client.properties --list',
      cause: /No resolvable bootstrap urls given in bootstrap\.servers/,
    },
    {
      id: 'kafka-topic-exists',
      title: 'A topic that already exists',
      fails: ['config.invalid', 'never-fixable'],
      helpers: ['kafka'],
      prepare: `kafka-topics.sh ${here} --create --if-not-exists --topic orders`,
      run: `kafka-topics.sh ${here} --create --topic orders`,
      cause: /Topic 'orders' already exists/,
    },
    {
      id: 'kafka-replication',
      title: 'More replicas than brokers',
      fails: ['config.invalid', 'never-fixable'],
      helpers: ['kafka'],
      run: `kafka-topics.sh ${here} --create --topic payments --replication-factor 3`,
      cause: /Unable to replicate the partition 3 time\(s\)/,
    },
    {
      id: 'kafka-topic-missing',
      title: 'A topic that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      helpers: ['kafka'],
      run: `kafka-topics.sh ${here} --describe --topic shipments`,
      cause: /Topic 'shipments' does not exist as expected/,
    },
    {
      id: 'kafka-topic-config',
      title: 'A topic setting that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      helpers: ['kafka'],
      run: `kafka-topics.sh ${here} --create --topic refunds --config retention.millis=1000`,
      cause: /Unknown topic config name: retention\.millis/,
    },
    {
      id: 'kafka-server-config',
      title: 'A server configuration without the required keys',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'server.properties': 'node.id=1\nlog.dirs=logs\n' },
      run: 'kafka-server-start.sh server.properties',
      cause: /Missing required configuration|process\.roles|ConfigException/,
    },
    {
      id: 'kafka-unformatted',
      title: 'A log folder that was not formatted',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'server.properties':
          `process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:${ports.own}\nlisteners=CONTROLLER://127.0.0.1:${ports.own}\ncontroller.listener.names=CONTROLLER\nlog.dirs=logs\n`.replace(
            'listeners=',
            `advertised.listeners=PLAINTEXT://127.0.0.1:${ports.own + 1}\nlisteners=PLAINTEXT://127.0.0.1:${ports.own + 1},`,
          ),
      },
      run: 'kafka-server-start.sh server.properties',
      cause: /No `meta\.properties` found in|is not formatted|No readable meta\.properties/,
    },
    {
      id: 'kafka-option',
      title: 'A command without its required option',
      fails: ['config.invalid', 'never-fixable'],
      run: 'kafka-topics.sh --list',
      cause: /Missing required argument|--bootstrap-server must be specified|Exception in thread/,
    },
    {
      id: 'kafka-list-passes',
      title: 'Topics are listed',
      passes: true,
      helpers: ['kafka'],
      run: `kafka-topics.sh ${here} --create --if-not-exists --topic ci-errors --partitions 3\nkafka-topics.sh ${here} --describe --topic ci-errors`,
    },
  ],
};

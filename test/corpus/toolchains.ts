import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import type { Toolchain } from './scenario.ts';

/**
 * Folder of what is installed from registries for the corpus; safe to delete.
 * It lies outside the repository: else Node finds the repository's own node_modules above it.
 */
export const cacheFolder =
  process.env['FAULTLINE_CORPUS_CACHE'] ?? `${tmpdir()}/faultline-corpus-cache-${userInfo().uid}`;

const javaScript: Readonly<Record<string, string>> = {
  '@babel/core': '7.28.4',
  '@babel/preset-env': '7.28.3',
  '@biomejs/biome': '2.2.4',
  '@eslint/js': '9.9.1',
  '@types/node': '20.19.0',
  '@yarnpkg/cli-dist': '4.9.4',
  esbuild: '0.25.9',
  eslint: '9.9.1',
  jest: '29.6.3',
  mocha: '11.7.1',
  pnpm: '10.15.1',
  prettier: '3.6.2',
  typescript: '5.9.3',
  vite: '6.3.6',
  vitest: '3.2.4',
  webpack: '5.101.3',
  'webpack-cli': '6.0.1',
};

const python: readonly string[] = [
  'charset-normalizer==3.4.3',
  'urllib3==2.5.0',
  'chardet==5.2.0',
  'anthropic==0.66.0',
  'black==25.1.0',
  'flake8==7.3.0',
  'mypy==1.17.1',
  'openai==1.106.1',
  'openai-agents==0.2.11',
  'poetry==2.1.4',
  'psycopg2-binary==2.9.10',
  'pylint==3.3.8',
  'pytest==8.4.1',
  'pytest-timeout==2.4.0',
  'requests==2.32.5',
  'ruff==0.12.12',
  'setuptools==80.9.0',
  'tox==4.28.4',
  'uv==0.8.15',
  'wheel==0.45.1',
  'yamllint==1.37.1',
];

/** Release of Apache Kafka whose tools are run. */
export const kafkaVersion = '4.3.0';

const kafkaPom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>corpus</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>${kafkaVersion}</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.1</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.1</version></dependency>
  </dependencies>
</project>
`;

/** The pattern of the configuration that Kafka ships. */
const loggingFor = (level: string): string =>
  `rootLogger.level=${level}\nrootLogger.appenderRef.stdout.ref=STDOUT\nappender.stdout.type=Console\nappender.stdout.name=STDOUT\nappender.stdout.layout.type=PatternLayout\nappender.stdout.layout.pattern=[%d] %p %m (%c)%n\n`;

const kafkaTools: Readonly<Record<string, string>> = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-console-producer.sh': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-console-consumer.sh': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-consumer-groups.sh': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-configs.sh': 'kafka.admin.ConfigCommand',
  'kafka-storage.sh': 'kafka.tools.StorageTool',
  'kafka-server-start.sh': 'kafka.Kafka',
  'kafka-broker-api-versions.sh': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
};

const installers: Readonly<Record<Toolchain, (folder: string) => void>> = {
  js: (folder) => {
    writeFileSync(
      `${folder}/package.json`,
      JSON.stringify({ name: 'corpus-tools', private: true, dependencies: javaScript }),
    );
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
  },
  python: (folder) => {
    execFileSync('python3', ['-m', 'venv', '--upgrade-deps', folder], { stdio: ['ignore', 2, 2] });
    execFileSync(`${folder}/bin/pip`, ['install', '-q', ...python], { stdio: ['ignore', 2, 2] });
  },
  kafka: (folder) => {
    writeFileSync(`${folder}/pom.xml`, kafkaPom);
    execFileSync(
      'mvn',
      [
        '-B',
        '-q',
        'dependency:copy-dependencies',
        '-DoutputDirectory=libs',
        `-Dmaven.repo.local=${cacheFolder}/m2`,
      ],
      {
        cwd: folder,
        stdio: ['ignore', 2, 2],
      },
    );
    mkdirSync(`${folder}/bin`, { recursive: true });
    for (const [kind, level] of [
      ['tools', 'WARN'],
      ['server', 'INFO'],
    ] as const) {
      mkdirSync(`${folder}/${kind}`, { recursive: true });
      writeFileSync(`${folder}/${kind}/log4j2.properties`, loggingFor(level));
    }
    for (const [name, main] of Object.entries(kafkaTools)) {
      writeFileSync(
        `${folder}/bin/${name}`,
        `#!/bin/bash\nexec java -Xmx256m -cp "$(dirname "$0")/../${name === 'kafka-server-start.sh' ? 'server' : 'tools'}:$(dirname "$0")/../libs/*" ${main} "$@"\n`,
      );
      chmodSync(`${folder}/bin/${name}`, 0o755);
    }
  },
};

/** Folder of a toolchain in the cache. */
export function toolchainFolder(toolchain: Toolchain): string {
  return `${cacheFolder}/${toolchain}`;
}

/** Folder whose programs a toolchain puts on PATH. */
export function toolchainBinaries(toolchain: Toolchain): string {
  return `${toolchainFolder(toolchain)}/${toolchain === 'js' ? 'node_modules/.bin' : 'bin'}`;
}

/** Installs a toolchain through its registry's client unless the cache has it whole. */
export function ensureToolchain(toolchain: Toolchain): void {
  const folder = toolchainFolder(toolchain);
  const done = `${folder}/.installed`;
  if (existsSync(done)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  installers[toolchain](folder);
  writeFileSync(done, '');
}

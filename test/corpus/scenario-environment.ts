import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Toolchain } from './scenario.ts';
import { postgresBinaries } from './servers/postgres.ts';
import { cacheFolder, toolchainBinaries, toolchainFolder } from './toolchains.ts';

/** What an environment is made from. */
export interface EnvironmentParts {
  readonly root: string;
  readonly toolchains: readonly Toolchain[];
  readonly certificates: string;
  readonly extra: Readonly<Record<string, string>>;
}

/** Trust stores and proxies of the machine that clients of registries need. */
const passedThrough = [
  'PATH',
  'JAVA_HOME',
  'PYENV_ROOT',
  'PIP_CERT',
  'PIP_INDEX_URL',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'GIT_SSL_CAINFO',
  'CURL_CA_BUNDLE',
  'GOPROXY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
];

/** The environment of a scenario: a bare CI one, with a home folder of its own. */
export function scenarioEnvironment(parts: EnvironmentParts): Readonly<Record<string, string>> {
  const { root, toolchains, certificates, extra } = parts;
  const home = `${root}/home`;
  const kept = Object.fromEntries(
    passedThrough.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])),
  );
  // Only what the scenario's own toolchains bring: the repository's node_modules must not be on PATH.
  const path = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  mkdirSync(`${home}/.m2`, { recursive: true });
  // Go's telemetry writes to the home folder after the command has ended, while it is being removed.
  mkdirSync(`${home}/.config/go/telemetry`, { recursive: true });
  writeFileSync(`${home}/.config/go/telemetry/mode`, 'off');
  mkdirSync(`${cacheFolder}/m2`, { recursive: true });
  writeFileSync(
    `${home}/.m2/settings.xml`,
    `<settings><localRepository>${cacheFolder}/m2</localRepository></settings>\n`,
  );
  return {
    ...kept,
    PATH: [...toolchains.map(toolchainBinaries), ...path, postgresBinaries() ?? ''].join(':'),
    HOME: home,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    CI: 'true',
    CERTS: certificates,
    RUSTUP_HOME: process.env['RUSTUP_HOME'] ?? `${homedir()}/.rustup`,
    CARGO_HOME: `${home}/.cargo`,
    GOPATH: `${home}/go`,
    GOCACHE: `${cacheFolder}/go-build`,
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@acme.example',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@acme.example',
    ...(toolchains.includes('python') ? { VIRTUAL_ENV: toolchainFolder('python') } : {}),
    ...extra,
  };
}

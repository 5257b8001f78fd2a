import type { ToolScenarios } from '../scenario.ts';
import { tar, unzip } from './archives.ts';
import { bash, shellcheck, timeout } from './bash.ts';
import { poetry, uv } from './uv.ts';
import { cargo } from './cargo.ts';
import { cmake } from './cmake.ts';
import { curl, wget } from './curl.ts';
import { docker, dockerCompose } from './docker.ts';
import { gcc, gxx } from './gcc.ts';
import { git } from './git.ts';
import { go } from './go.ts';
import { gradle } from './gradle.ts';
import { aws, terraform } from './infrastructure.ts';
import { java, javac } from './java.ts';
import { jest, mocha } from './jest.ts';
import { esbuild, vite, webpack } from './js-bundlers.ts';
import { biome, eslint, prettier } from './js-linters.ts';
import { kafka } from './kafka.ts';
import { kubectl } from './kubectl.ts';
import { make, ninja } from './make.ts';
import { agents, anthropic, openai } from './models.ts';
import { mvn } from './mvn.ts';
import { node } from './node.ts';
import { npm } from './npm.ts';
import { openssl } from './openssl.ts';
import { pip } from './pip.ts';
import { pnpm } from './pnpm.ts';
import { postgres } from './postgres.ts';
import { psql } from './psql.ts';
import { pytest, tox } from './pytest.ts';
import { black, flake8, mypy, pylint, ruff, yamllint } from './python-linters.ts';
import { python } from './python.ts';
import { rsync, ssh } from './remote-shells.ts';
import { clippy, rustc } from './rustc.ts';
import { bundler, php, ruby } from './scripting.ts';
import { apt, jq } from './system-tools.ts';
import { tsc } from './tsc.ts';
import { vitest } from './vitest.ts';
import { yarn } from './yarn.ts';

/** All tools of the corpus. */
export const tools: readonly ToolScenarios[] = [
  npm,
  pnpm,
  yarn,
  tsc,
  eslint,
  prettier,
  biome,
  vitest,
  jest,
  mocha,
  webpack,
  esbuild,
  vite,
  node,
  pip,
  uv,
  poetry,
  pytest,
  mypy,
  ruff,
  flake8,
  pylint,
  black,
  yamllint,
  tox,
  python,
  mvn,
  javac,
  java,
  gradle,
  cargo,
  rustc,
  clippy,
  go,
  gcc,
  gxx,
  cmake,
  make,
  ninja,
  git,
  docker,
  dockerCompose,
  kubectl,
  terraform,
  aws,
  psql,
  postgres,
  kafka,
  curl,
  wget,
  openssl,
  ssh,
  rsync,
  bash,
  timeout,
  tar,
  unzip,
  jq,
  shellcheck,
  apt,
  ruby,
  bundler,
  php,
  openai,
  anthropic,
  agents,
];

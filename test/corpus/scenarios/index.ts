import type { ToolScenarios } from '../scenario.ts';
import { docker, dockerCompose, kubectl } from './containers.ts';
import { postgres, psql } from './databases.ts';
import { git } from './git.ts';
import { go } from './go.ts';
import { aws, terraform } from './infrastructure.ts';
import { esbuild, vite, webpack } from './js-bundlers.ts';
import { biome, eslint, prettier } from './js-linters.ts';
import { jest, mocha, vitest } from './js-tests.ts';
import { gradle, java, javac, mvn } from './jvm.ts';
import { kafka } from './kafka.ts';
import { agents, anthropic, openai } from './models.ts';
import { cmake, gcc, gxx, make, ninja } from './native.ts';
import { curl, openssl, rsync, ssh, wget } from './network.ts';
import { node } from './node.ts';
import { npm } from './npm.ts';
import { pnpm } from './pnpm.ts';
import { black, flake8, mypy, pylint, pytest, ruff, tox, yamllint } from './python-checks.ts';
import { pip, poetry, uv } from './python-packages.ts';
import { python } from './python.ts';
import { cargo, clippy, rustc } from './rust.ts';
import { bundler, php, ruby } from './scripting.ts';
import { apt, bash, jq, shellcheck, tar, timeout, unzip } from './shell.ts';
import { tsc } from './tsc.ts';
import { yarn } from './yarn.ts';

/** All tools of the corpus. */
export const tools: readonly ToolScenarios[] = [
  ...[npm, pnpm, yarn, tsc, eslint, prettier, biome, vitest, jest, mocha, webpack, esbuild, vite, node],
  ...[pip, uv, poetry, pytest, mypy, ruff, flake8, pylint, black, yamllint, tox, python],
  ...[mvn, javac, java, gradle, cargo, rustc, clippy, go, gcc, gxx, cmake, make, ninja],
  ...[git, docker, dockerCompose, kubectl, terraform, aws, psql, postgres, kafka],
  ...[curl, wget, openssl, ssh, rsync, bash, timeout, tar, unzip, jq, shellcheck, apt],
  ...[ruby, bundler, php, openai, anthropic, agents],
];

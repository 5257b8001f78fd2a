import { containersRules } from './rules/containers-rules.ts';
import { gitAndCiRules } from './rules/git-and-ci-rules.ts';
import { goRules } from './rules/go-rules.ts';
import { infrastructureRules } from './rules/infrastructure-rules.ts';
import { jvmRules } from './rules/jvm-rules.ts';
import { nativeCodeRules } from './rules/native-code-rules.ts';
import { nodeRules } from './rules/node-rules.ts';
import { otherLanguagesRules } from './rules/other-languages-rules.ts';
import { pythonRules } from './rules/python-rules.ts';
import { rustRules } from './rules/rust-rules.ts';
import { systemRules } from './rules/system-rules.ts';
import type { FixRules } from './fix-rules.ts';

/** The rules that ship with the code, with nothing learned yet. */
export const baselineFixRules: FixRules = {
  thresholds: { propose: 0.5, apply: 0.9 },
  maxProposals: 3,
  allowedPaths: [
    '*.sh',
    '.dockerignore',
    '.gitattributes',
    '.terraform.lock.hcl',
    'Cargo.lock',
    'Cargo.toml',
    'Dockerfile',
    'Gemfile',
    'Gemfile.lock',
    'autogen.sh',
    'bin/',
    'build/',
    'ci/',
    'composer.json',
    'composer.lock',
    'configure',
    'docker/',
    'go.mod',
    'go.sum',
    'gradle.lockfile',
    'gradle.properties',
    'gradlew',
    'lib/',
    'mvnw',
    'package-lock.json',
    'package.json',
    'packages.lock.json',
    'pnpm-lock.yaml',
    'poetry.lock',
    'pom.xml',
    'pyproject.toml',
    'requirements.txt',
    'scripts/',
    'src/',
    'test/',
    'tests/',
    'tools/',
    'uv.lock',
    'vendor/modules.txt',
    'yarn.lock',
  ],
  rules: [
    ...nodeRules,
    ...pythonRules,
    ...goRules,
    ...rustRules,
    ...jvmRules,
    ...containersRules,
    ...infrastructureRules,
    ...nativeCodeRules,
    ...otherLanguagesRules,
    ...systemRules,
    ...gitAndCiRules,
  ],
  learned: [],
  outcomes: {},
};

import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: Go. */
export const goRules: readonly FixRule[] = [
  {
    id: 'go.missing-sum',
    when: {
      categories: ['dep.lockfile'],
      needle: 'missing go.sum entry',
      pattern: 'missing go\\.sum entry',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Complete go.sum',
      body: 'go mod tidy',
      files: ['go.mod', 'go.sum'],
      risk: 'low',
      confidence: 0.92,
      validation: ['go build ./...', 'go mod verify'],
    },
    why: 'go.sum lacks the checksum of a module that is used.',
  },
  {
    id: 'go.mod-updates',
    when: {
      categories: ['dep.lockfile'],
      needle: 'updates to go.mod needed',
      pattern: 'updates to go\\.mod needed',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring go.mod up to date',
      body: 'go mod tidy',
      files: ['go.mod', 'go.sum'],
      risk: 'low',
      confidence: 0.92,
      validation: ['go build ./...'],
    },
    why: 'go.mod does not match the imports.',
  },
  {
    id: 'go.missing-module',
    when: {
      categories: ['code.import'],
      needle: 'no required module provides package',
      pattern: 'no required module provides package (?<name>[^\\s;:]+)',
      captures: {
        name: 'go-module',
      },
    },
    then: {
      kind: 'command',
      title: 'Add the module of {name}',
      body: 'go get {name}',
      files: ['go.mod', 'go.sum'],
      risk: 'medium',
      confidence: 0.75,
      validation: ['go build ./...'],
    },
    why: 'A package is imported whose module go.mod does not require.',
  },
  {
    id: 'go.vendoring',
    when: {
      categories: ['dep.lockfile'],
      needle: 'inconsistent vendoring',
      pattern: 'inconsistent vendoring in',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring vendor/ up to date',
      body: 'go mod vendor',
      files: ['vendor/modules.txt'],
      risk: 'low',
      confidence: 0.88,
      validation: ['go build ./...'],
    },
    why: 'vendor/modules.txt does not match go.mod.',
  },
  {
    id: 'go.toolchain',
    when: {
      categories: ['env.toolchain'],
      needle: 'go.mod requires go',
      pattern: 'go\\.mod requires go >= (?<version>\\d[\\d.]*)',
      captures: {
        version: 'version',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Run on Go {version}',
      body: 'go-version: {version}',
      files: [],
      risk: 'low',
      confidence: 0.85,
      validation: ['go version'],
    },
    why: 'go.mod asks for a newer Go than the one that runs.',
  },
];

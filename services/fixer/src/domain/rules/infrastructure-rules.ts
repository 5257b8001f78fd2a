import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: Terraform and Helm. */
export const infrastructureRules: readonly FixRule[] = [
  {
    id: 'terraform.checksums',
    when: {
      categories: ['iac.lockfile'],
      needle: 'checksums',
      pattern: 'match any of the checksums',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Record the checksums for all platforms',
      body: 'terraform providers lock -platform=linux_amd64 -platform=linux_arm64 -platform=darwin_arm64',
      files: ['.terraform.lock.hcl'],
      risk: 'low',
      confidence: 0.85,
      validation: ['terraform init -lockfile=readonly'],
    },
    why: 'The lock file was written on another platform and lacks the checksums of this one.',
  },
  {
    id: 'terraform.lock-file',
    when: {
      categories: ['iac.lockfile'],
      needle: 'inconsistent dependency lock file',
      pattern: 'Inconsistent dependency lock file',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring the lock file up to date',
      body: 'terraform init -upgrade',
      files: ['.terraform.lock.hcl'],
      risk: 'medium',
      confidence: 0.8,
      validation: ['terraform validate'],
    },
    why: 'The lock file does not match the providers that the configuration asks for.',
  },
  {
    id: 'terraform.init',
    when: {
      categories: ['iac.config', 'config.invalid', 'iac'],
      needle: 'terraform init',
      pattern: 'Backend initialization required|please run "?terraform init',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Initialise the working directory',
      body: 'terraform init',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: ['terraform validate'],
    },
    why: 'The working directory has not been initialised since the backend changed.',
  },
  {
    id: 'helm.dependencies',
    when: {
      categories: ['k8s.config', 'dep.missing'],
      needle: 'missing in charts/ directory',
      pattern: 'found in Chart\\.yaml, but missing in charts/ directory',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Fetch the charts that it depends on',
      body: 'helm dependency build',
      files: [],
      risk: 'low',
      confidence: 0.92,
      validation: ['helm lint'],
    },
    why: 'The chart names dependencies that are not in charts/.',
  },
];

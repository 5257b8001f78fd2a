import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: .NET, Ruby and PHP. */
export const otherLanguagesRules: readonly FixRule[] = [
  {
    id: 'dotnet.sdk',
    when: {
      categories: ['env.toolchain'],
      needle: 'netsdk1045',
      pattern: 'NETSDK1045: .{0,100}targeting \\.NET (?<version>\\d[\\d.]*\\d)',
      captures: {
        version: 'version',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Use the SDK of .NET {version}',
      body: 'dotnet-version: {version}',
      files: [],
      risk: 'low',
      confidence: 0.85,
      validation: ['dotnet --version'],
    },
    why: 'The project targets a newer .NET than the SDK that builds it.',
  },
  {
    id: 'nuget.lock',
    when: {
      categories: ['dep.lockfile'],
      needle: 'nu1004',
      pattern: 'NU1004',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring packages.lock.json up to date',
      body: 'dotnet restore --force-evaluate',
      files: ['packages.lock.json'],
      risk: 'low',
      confidence: 0.88,
      validation: ['dotnet restore --locked-mode'],
    },
    why: 'The lock file does not match the package references.',
  },
  {
    id: 'bundler.install',
    when: {
      categories: ['dep.missing'],
      needle: 'bundle install',
      pattern: 'Run `bundle install` to install missing gems',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install the gems',
      body: 'bundle install',
      files: [],
      risk: 'low',
      confidence: 0.85,
      validation: ['bundle check'],
    },
    why: 'Bundler names its own remedy.',
  },
  {
    id: 'bundler.frozen',
    when: {
      categories: ['dep.lockfile'],
      needle: 'gemfile',
      pattern:
        '(?:trying to install in deployment mode after changing|gemspecs for path gems changed|in frozen mode.{0,80}lockfile)',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring Gemfile.lock up to date',
      body: 'bundle lock',
      files: ['Gemfile.lock'],
      risk: 'low',
      confidence: 0.85,
      validation: ['bundle install'],
    },
    why: 'Gemfile.lock does not match the Gemfile.',
  },
  {
    id: 'rubocop.autocorrect',
    when: {
      categories: ['lint'],
      needle: 'autocorrectable',
      pattern: '\\d+ offenses? autocorrectable',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Let RuboCop mend what it can',
      body: 'bundle exec rubocop --autocorrect',
      files: [],
      risk: 'low',
      confidence: 0.9,
      validation: ['bundle exec rubocop'],
    },
    why: 'RuboCop says that it can mend a part of the offenses itself.',
  },
  {
    id: 'rails.migrations',
    when: {
      categories: ['db.migration'],
      needle: 'migrations are pending',
      pattern: 'Migrations are pending',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Run the migrations',
      body: 'bin/rails db:migrate',
      files: [],
      risk: 'medium',
      confidence: 0.85,
      validation: ['bin/rails db:abort_if_pending_migrations'],
    },
    why: 'Rails names its own remedy.',
  },
  {
    id: 'composer.lock',
    when: {
      categories: ['dep.lockfile'],
      needle: 'lock file is not up to date',
      pattern: 'lock file is not up to date with the latest changes in composer\\.json',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring composer.lock up to date',
      body: 'composer update --lock',
      files: ['composer.lock'],
      risk: 'low',
      confidence: 0.8,
      validation: ['composer install', 'composer validate'],
    },
    why: 'composer.lock does not match composer.json.',
  },
];

import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: Rust. */
export const rustRules: readonly FixRule[] = [
  {
    id: 'cargo.locked',
    when: {
      categories: ['dep.lockfile'],
      needle: '--locked was passed',
      pattern: 'lock file .{0,300}--locked was passed',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Bring Cargo.lock up to date',
      body: 'cargo update --workspace',
      files: ['Cargo.lock'],
      risk: 'low',
      confidence: 0.88,
      validation: ['cargo build --locked'],
    },
    why: 'Cargo.lock does not match Cargo.toml.',
  },
  {
    id: 'cargo.unresolved-crate',
    when: {
      categories: ['code.import'],
      needle: 'crate',
      pattern:
        'use of (?:undeclared crate or module|unresolved module or unlinked crate) `(?<name>[^`]{1,80})`',
      captures: {
        name: 'rust-crate',
      },
    },
    then: {
      kind: 'command',
      title: 'Declare the crate {name}',
      body: 'cargo add {name}',
      files: ['Cargo.toml', 'Cargo.lock'],
      risk: 'medium',
      confidence: 0.65,
      validation: ['cargo build'],
    },
    why: 'The program uses a crate that Cargo.toml does not declare.',
  },
  {
    id: 'cargo.fmt',
    when: {
      categories: ['lint'],
      needle: 'diff in',
      pattern: '^Diff in \\S+\\.rs',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Format the files',
      body: 'cargo fmt',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: ['cargo fmt --check'],
    },
    why: 'cargo fmt only checked; it can write too.',
  },
  {
    id: 'rust.target',
    when: {
      categories: ['env.toolchain'],
      needle: 'target may not be installed',
      pattern: 'the `(?<name>[^`]{1,60})` target may not be installed',
      captures: {
        name: 'command-name',
      },
    },
    then: {
      kind: 'command',
      title: 'Add the target {name}',
      body: 'rustup target add {name}',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: ['cargo build --target {name}'],
    },
    why: 'The compiler names the target whose standard library is missing.',
  },
  {
    id: 'rust.linker',
    when: {
      categories: ['env.toolchain'],
      needle: 'linker',
      pattern: 'linker `cc` not found',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install a C compiler and linker',
      body: 'apt-get install -y build-essential',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: ['cargo build'],
    },
    why: 'Rust links through the C compiler, which is not there.',
  },
  {
    id: 'rust.toolchain',
    when: {
      categories: ['env.toolchain'],
      needle: 'toolchain',
      pattern: "toolchain '(?<name>[\\w.-]{1,80})' is not installed",
      captures: {
        name: 'command-name',
      },
    },
    then: {
      kind: 'command',
      title: 'Install the toolchain {name}',
      body: 'rustup toolchain install {name}',
      files: [],
      risk: 'low',
      confidence: 0.85,
      validation: ['cargo +{name} --version'],
    },
    why: 'rust-toolchain.toml or the command names a toolchain that is not there.',
  },
];

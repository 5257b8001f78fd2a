import type { FixRule } from '../fix-rule.ts';

/** Fixes for failures of: C and C++. */
export const nativeCodeRules: readonly FixRule[] = [
  {
    id: 'c.openssl-header',
    when: {
      categories: ['dep.native'],
      needle: 'openssl/',
      pattern: 'openssl/\\w{1,40}\\.h: No such file or directory',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install the headers of OpenSSL',
      body: 'apt-get install -y libssl-dev',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: [],
    },
    why: 'Code that is built from source needs the headers of OpenSSL.',
  },
  {
    id: 'c.ffi-header',
    when: {
      categories: ['dep.native'],
      needle: 'ffi.h',
      pattern: '\\bffi\\.h: No such file or directory',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install the headers of libffi',
      body: 'apt-get install -y libffi-dev',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: [],
    },
    why: 'Code that is built from source needs the headers of libffi.',
  },
  {
    id: 'c.zlib-header',
    when: {
      categories: ['dep.native'],
      needle: 'zlib.h',
      pattern: '\\bzlib\\.h: No such file or directory',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install the headers of zlib',
      body: 'apt-get install -y zlib1g-dev',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: [],
    },
    why: 'Code that is built from source needs the headers of zlib.',
  },
  {
    id: 'c.postgres-header',
    when: {
      categories: ['dep.native'],
      needle: 'libpq-fe.h',
      pattern: 'libpq-fe\\.h: No such file or directory',
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install the headers of the Postgres client',
      body: 'apt-get install -y libpq-dev',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: [],
    },
    why: 'Code that is built from source needs the headers of libpq.',
  },
  {
    id: 'c.compiler',
    when: {
      categories: ['env.toolchain', 'dep.native'],
      needle: 'gcc',
      pattern:
        "(?:command '?\\S{0,40}gcc'? failed: No such file or directory|unable to execute '\\S{0,40}gcc')",
      captures: {},
    },
    then: {
      kind: 'command',
      title: 'Install a C compiler',
      body: 'apt-get install -y build-essential',
      files: [],
      risk: 'low',
      confidence: 0.88,
      validation: ['gcc --version'],
    },
    why: 'A package is built from source and there is no compiler.',
  },
  {
    id: 'cmake.version',
    when: {
      categories: ['env.toolchain'],
      needle: 'or higher is required',
      pattern: 'CMake (?<version>\\d[\\d.]*\\d) or higher is required',
      captures: {
        version: 'version',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Use CMake {version} or newer',
      body: 'cmake-version: {version}',
      files: [],
      risk: 'low',
      confidence: 0.65,
      validation: ['cmake --version'],
    },
    why: 'CMakeLists.txt asks for a newer CMake than the one that runs.',
  },
  {
    id: 'glibc.version',
    when: {
      categories: ['env.toolchain'],
      needle: 'glibc_',
      pattern: 'version .{0,2}GLIBC_(?<version>\\d[\\d.]*\\d).{0,2} not found',
      captures: {
        version: 'version',
      },
    },
    then: {
      kind: 'configuration',
      title: 'Run on a base image with glibc {version} or newer',
      body: 'Dockerfile: a base image with glibc {version} or newer, or a static build',
      files: ['Dockerfile'],
      risk: 'medium',
      confidence: 0.6,
      validation: ['ldd --version'],
    },
    why: 'The program was built against a newer glibc than the system has.',
  },
];

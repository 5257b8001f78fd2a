import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** Node.js itself: programs that end badly. */
export const node: ToolScenarios = {
  tool: 'node',
  version: 'node --version',
  needs: ['node'],
  scenarios: [
    {
      id: 'node-heap',
      title: 'A build step that fills the heap',
      fails: ['mem.oom', 'never-fixable'],
      files: {
        'build.js':
          "const rows = [];\nconsole.log('collecting modules');\nfor (;;) rows.push({ id: rows.length, name: 'module-' + rows.length });\n",
      },
      run: 'node --max-old-space-size=32 build.js',
      cause: /FATAL ERROR: .* JavaScript heap out of memory/,
    },
    {
      id: 'node-heap-npm',
      title: 'The same through npm run and NODE_OPTIONS, and killed by the kernel instead',
      fails: ['mem.oom', 'once-elsewhere'],
      files: {
        'package.json': '{"name":"app","scripts":{"build":"bash build.sh"}}',
        'build.sh': '#!/bin/bash\necho "compiling assets"\nnode build.js\n',
        'build.js': 'const keep = [];\nfor (;;) keep.push(Buffer.alloc(1 << 20, 1));\n',
      },
      memoryLimitBytes: 150_000_000,
      needs: ['npm'],
      run: 'npm run build',
      ci: true,
      cause: /Killed/,
    },
    {
      id: 'node-unhandled-rejection',
      title: 'A rejected promise that nobody handles',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'main.js':
          "async function migrate() {\n  throw new RangeError('batch 14 has no rows');\n}\nmigrate();\n",
      },
      run: 'node main.js',
      cause: /RangeError: batch 14 has no rows/,
    },
    {
      id: 'node-rejection-value',
      title: 'A promise rejected with something that is no error',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'main.js': "Promise.reject({ status: 'failed' });\n" },
      run: 'node main.js',
      cause: /UnhandledPromiseRejection: This error originated/,
    },
    {
      id: 'node-missing-module',
      title: 'A package that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: { 'main.js': "const express = require('express');\nexpress();\n" },
      run: 'node main.js',
      cause: /Error: Cannot find module 'express'/,
    },
    {
      id: 'node-esm-missing',
      title: 'A module path without its extension',
      fails: ['code.import', 'never-fixable'],
      files: {
        'package.json': '{"type":"module"}',
        'main.js': "import { a } from './lib';\na();\n",
        'lib.js': 'export const a = () => 1;\n',
      },
      run: 'node main.js',
      cause: /ERR_MODULE_NOT_FOUND\]: Cannot find module/,
    },
    {
      id: 'node-syntax',
      title: 'A script that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'main.js': 'function start() {\n  return { port: 80;\n}\n' },
      run: 'node main.js',
      cause: /SyntaxError: Unexpected token ';'/,
    },
    {
      id: 'node-import-statement',
      title: 'An import statement in a CommonJS file',
      fails: ['code.compile', 'never-fixable'],
      files: {
        'package.json': '{"type":"commonjs"}',
        'main.js': "import fs from 'node:fs';\nfs.readdirSync('.');\n",
      },
      run: 'node main.js',
      cause: /SyntaxError: Cannot use import statement outside a module/,
    },
    {
      id: 'node-type-error',
      title: 'A property read from undefined',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'main.js': "const config = JSON.parse('{}');\nconsole.log(config.database.host);\n" },
      run: 'node main.js',
      cause: /TypeError: Cannot read properties of undefined/,
    },
    {
      id: 'node-enoent',
      title: 'A file that the build did not leave',
      fails: ['os.missing', 'never-fixable'],
      files: { 'main.js': "require('fs').readFileSync('dist/manifest.json');\n" },
      run: 'node main.js',
      cause: /Error: ENOENT: no such file or directory, open/,
    },
    {
      id: 'node-eaddrinuse',
      title: 'A port that is taken',
      fails: ['os.port', 'once'],
      files: { 'main.js': `require('http').createServer().listen(${ports.http}, '127.0.0.1');\n` },
      run: 'node main.js',
      cause: /Error: listen EADDRINUSE: address already in use/,
    },
    {
      id: 'node-emfile',
      title: 'Too many open files',
      fails: ['os.limit', 'never-fixable'],
      files: {
        'main.js':
          "const fs = require('fs');\nconst open = [];\nfor (let i = 0; i < 500; i += 1) open.push(fs.openSync(__filename));\n",
      },
      run: 'ulimit -n 60\nnode main.js',
      cause: /Error: EMFILE: too many open files/,
    },
    {
      id: 'node-fetch-dns',
      title: 'A host name that does not resolve',
      fails: ['network.dns', 'backoff'],
      files: { 'main.mjs': "await fetch('https://flags.acme.invalid/v1/flags');\n" },
      run: 'node main.mjs',
      cause: /Error: getaddrinfo (ENOTFOUND|EAI_AGAIN) flags\.acme\.invalid/,
    },
    {
      id: 'node-enospc',
      title: 'The disk is full while a bundle is written',
      fails: ['disk.full', 'once-elsewhere'],
      files: { 'main.js': "require('fs').writeFileSync('dist/bundle.js', 'x'.repeat(1 << 20));\n" },
      smallDisk: { path: 'dist', size: '256k' },
      run: 'node main.js',
      cause: /Error: ENOSPC: no space left on device/,
    },
    {
      id: 'node-eacces',
      title: 'A file that the user may not write',
      fails: ['os.permission', 'never-fixable'],
      files: { 'main.js': "require('fs').writeFileSync('/etc/app.conf', 'port=80');\n" },
      unprivileged: true,
      run: 'node main.js',
      cause: /Error: EACCES: permission denied, open/,
    },
    {
      id: 'node-test-passes',
      title: 'The test runner of Node passes',
      passes: true,
      files: {
        'a.test.js':
          "const test = require('node:test');\ntest('retries after an error', async (t) => { await t.test('first', () => {}); });\n",
      },
      run: 'node --test',
    },
    {
      id: 'node-warnings-pass',
      title: 'A program with deprecation warnings',
      passes: true,
      files: {
        'main.js':
          "new Buffer(3);\nconsole.error('error budget left: 99 %');\nfetch('data:text/plain,ok').then((r) => r.text()).then(console.log);\n",
      },
      run: 'node --trace-deprecation main.js',
    },
  ],
};

import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const manifest = (more: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ name: 'app', version: '1.0.0', private: true, ...more }, null, 2)}\n`;

const needsOne = { 'package.json': manifest({ dependencies: { 'is-number': '7.0.0' } }) };

const from = (address: string): string => `registry=${address}\nfetch-retries=0\n`;

const lockFor = (integrity: string): string =>
  JSON.stringify({
    name: 'app',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'app', version: '1.0.0', dependencies: { 'is-number': '7.0.0' } },
      'node_modules/is-number': { version: '7.0.0', integrity },
    },
  });

/** npm: installs and scripts. */
export const npm: ToolScenarios = {
  tool: 'npm',
  version: 'npm --version',
  needs: ['npm'],
  scenarios: [
    {
      id: 'npm-eresolve',
      title: 'Two packages want different majors of a peer',
      fails: ['dep.conflict', 'never-fixable'],
      files: {
        'package.json': manifest({ dependencies: { react: '17.0.2', '@testing-library/react': '13.4.0' } }),
      },
      run: 'npm install',
      cause: /ERESOLVE unable to resolve dependency tree/,
    },
    {
      id: 'npm-ci-out-of-sync',
      title: 'The lock file lacks a dependency of package.json',
      fails: ['dep.lockfile', 'never-fixable'],
      files: { 'package.json': manifest({ dependencies: { 'is-number': '7.0.0', 'is-odd': '3.0.1' } }) },
      prepare: `echo '${lockFor('sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==')}' > package-lock.json`,
      run: 'npm ci',
      ci: true,
      cause: /can only install packages when your package\.json and package-lock\.json .* are in sync/,
    },
    {
      id: 'npm-ci-no-lock',
      title: 'npm ci without a lock file',
      fails: ['dep.lockfile', 'never-fixable'],
      files: needsOne,
      run: 'npm ci',
      cause: /can only install with an existing package-lock\.json/,
    },
    {
      id: 'npm-eintegrity',
      title: 'The checksum in the lock file is of another tarball',
      fails: ['dep.integrity', 'once'],
      files: {
        ...needsOne,
        'package-lock.json': lockFor(
          'sha512-AAAAfkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==',
        ),
      },
      run: 'npm ci',
      cause: /Integrity checksum failed when using sha512/,
    },
    {
      id: 'npm-etarget',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'package.json': manifest({ dependencies: { 'is-number': '99.1.0' } }) },
      run: 'npm install',
      cause: /No matching version found for is-number@99\.1\.0/,
    },
    {
      id: 'npm-e404',
      title: 'A registry that does not have the package',
      fails: ['dep.missing', 'never-fixable'],
      files: {
        'package.json': manifest({ dependencies: { '@acme/design-tokens': '^2.0.0' } }),
        '.npmrc': from(`${httpBase}/status/404/`),
      },
      run: 'npm install',
      ci: true,
      cause: /404 Not Found - GET/,
    },
    {
      id: 'npm-e401',
      title: 'The token for the registry has expired',
      fails: ['auth.expired', 'never'],
      files: {
        'package.json': manifest({ dependencies: { '@acme/ui': '1.0.0' } }),
        '.npmrc': from(`${httpBase}/expired-token/`),
      },
      run: 'npm install',
      cause: /Unable to authenticate|Token has expired|E401/,
    },
    {
      id: 'npm-e403',
      title: 'The registry refuses the package by policy',
      fails: ['auth.registry', 'never'],
      files: { ...needsOne, '.npmrc': from(`${httpBase}/status/403/`) },
      run: 'npm install',
      cause: /403 Forbidden - GET/,
    },
    {
      id: 'npm-e429',
      title: 'The registry limits the rate',
      fails: ['limit.registry', 'wait'],
      files: { ...needsOne, '.npmrc': from(`${httpBase}/status/429/`) },
      run: 'npm install',
      cause: /429 Too Many Requests - GET/,
    },
    {
      id: 'npm-e503',
      title: 'The registry is down',
      fails: ['remote.outage', 'backoff'],
      files: {
        'package.json': manifest({
          dependencies: { '@acme/design-system': '4.1.0' },
          devDependencies: { jest: '29.6.3', webpack: '5.101.3' },
        }),
        '.npmrc': `@acme:registry=${httpBase}/status/503/\nfetch-retries=0\n`,
      },
      run: 'npm install --loglevel http --no-audit',
      ci: true,
      cause: /503 Service Unavailable - GET/,
    },
    {
      id: 'npm-econnreset',
      title: 'The registry resets connections',
      fails: ['network.reset', 'backoff'],
      files: { ...needsOne, '.npmrc': from(`http://127.0.0.1:${ports.reset}/`) },
      run: 'npm install',
      cause: /ECONNRESET/,
    },
    {
      id: 'npm-econnrefused',
      title: 'Nothing listens where the registry should',
      fails: ['network.refused', 'backoff'],
      files: { ...needsOne, '.npmrc': from(`http://127.0.0.1:${ports.refused}/`) },
      run: 'npm install --loglevel verbose',
      cause: /code ECONNREFUSED/,
    },
    {
      id: 'npm-eai-again',
      title: 'Name resolution fails on the runner',
      fails: ['network.dns', 'backoff'],
      files: { ...needsOne, '.npmrc': 'fetch-retries=0\n' },
      offline: true,
      run: 'npm install',
      cause: /EAI_AGAIN|ENOTFOUND/,
    },
    {
      id: 'npm-self-signed',
      title: 'The registry has a certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      files: { ...needsOne, '.npmrc': from(`https://localhost:${ports.selfSigned}/`) },
      run: 'npm install',
      cause: /DEPTH_ZERO_SELF_SIGNED_CERT/,
    },
    {
      id: 'npm-missing-script',
      title: 'The pipeline runs a script that package.json lacks',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'package.json': manifest({ scripts: { build: 'true', test: 'true' } }) },
      run: 'npm run build:prod',
      cause: /Missing script: "build:prod"/,
    },
    {
      id: 'npm-install-passes',
      title: 'A clean install',
      passes: true,
      files: { 'package.json': manifest({ dependencies: { 'is-odd': '3.0.1' } }) },
      run: 'npm install --loglevel http',
      ci: true,
    },
    {
      id: 'npm-deprecated-passes',
      title: 'An install with warnings about deprecated packages',
      passes: true,
      files: { 'package.json': manifest({ dependencies: { glob: '7.2.3', q: '1.5.1' } }) },
      run: 'npm install --no-progress',
    },
    {
      id: 'npm-scripts-pass',
      title: 'Scripts that print the word error and pass',
      passes: true,
      files: {
        'package.json': manifest({ scripts: { pretest: 'node check.js', test: 'node --test' } }),
        'check.js': "console.error('warning: 0 errors, retry on ECONNRESET is enabled');\n",
        'error.test.js':
          "const test = require('node:test');\ntest('throws an Error on a refused connection', () => {});\ntest('fails over to the mirror', () => {});\n",
      },
      run: 'npm test',
    },
  ],
};

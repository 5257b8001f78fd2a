import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const manifest = (more: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ name: 'app', version: '1.0.0', ...more }, null, 2)}\n`;

const one = { 'package.json': manifest({ dependencies: { 'is-number': '7.0.0' } }) };

const from = (address: string): string => `registry=${address}\nfetch-retries=0\n`;

/** pnpm: installs and workspaces. */
export const pnpm: ToolScenarios = {
  tool: 'pnpm',
  version: 'pnpm --version',
  needs: ['pnpm'],
  toolchains: ['js'],
  ownModules: true,
  scenarios: [
    {
      id: 'pnpm-outdated-lockfile',
      title: 'The lock file is older than package.json',
      fails: ['dep.lockfile', 'never-fixable'],
      files: one,
      prepare: "pnpm install --silent && sed -i 's/7.0.0/6.0.0/' package.json && rm -rf node_modules",
      run: 'pnpm install --frozen-lockfile',
      ci: true,
      cause: /ERR_PNPM_OUTDATED_LOCKFILE/,
    },
    {
      id: 'pnpm-no-lockfile',
      title: 'A frozen install without a lock file',
      fails: ['dep.lockfile', 'never-fixable'],
      files: one,
      run: 'pnpm install --frozen-lockfile',
      cause: /ERR_PNPM_NO_LOCKFILE/,
    },
    {
      id: 'pnpm-no-matching-version',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: { ...one, 'package.json': manifest({ dependencies: { 'is-number': '^98.0.0' } }) },
      run: 'pnpm install',
      cause: /ERR_PNPM_NO_MATCHING_VERSION/,
    },
    {
      id: 'pnpm-fetch-404',
      title: 'A registry that does not have the package',
      fails: ['dep.missing', 'never-fixable'],
      files: {
        ...one,
        'package.json': manifest({ dependencies: { '@acme/icons': '1.0.0' } }),
        '.npmrc': from(`${httpBase}/status/404/`),
      },
      run: 'pnpm install',
      cause: /ERR_PNPM_FETCH_404/,
    },
    {
      id: 'pnpm-fetch-403',
      title: 'The registry refuses the request',
      fails: ['auth.registry', 'never'],
      files: { ...one, '.npmrc': from(`${httpBase}/status/403/`) },
      run: 'pnpm install',
      cause: /ERR_PNPM_FETCH_403/,
    },
    {
      id: 'pnpm-econnrefused',
      title: 'Nothing listens where the registry should',
      fails: ['network.refused', 'backoff'],
      files: { ...one, '.npmrc': from(`http://127.0.0.1:${ports.refused}/`) },
      run: 'pnpm install',
      cause: /ECONNREFUSED/,
    },
    {
      id: 'pnpm-peer',
      title: 'Strict peer dependencies do not fit',
      fails: ['dep.conflict', 'never-fixable'],
      files: {
        'package.json': manifest({
          dependencies: {
            react: '17.0.2',
            'use-sync-external-store': '1.0.0',
            'react-test-renderer': '18.2.0',
          },
        }),
        '.npmrc': 'strict-peer-dependencies=true\nauto-install-peers=false\n',
      },
      run: 'pnpm install',
      cause: /ERR_PNPM_PEER_DEP_ISSUES/,
    },
    {
      id: 'pnpm-workspace-missing',
      title: 'A workspace dependency that no package provides',
      fails: ['dep.missing', 'never-fixable'],
      files: {
        'package.json': manifest({ private: true }),
        'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n",
        'packages/web/package.json': JSON.stringify({
          name: 'web',
          version: '1.0.0',
          dependencies: { '@acme/shared': 'workspace:*' },
        }),
      },
      run: 'pnpm install',
      cause: /ERR_PNPM_WORKSPACE_PKG_NOT_FOUND/,
    },
    {
      id: 'pnpm-unsupported-engine',
      title: 'The project asks for another Node',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'package.json': manifest({ engines: { node: '>=30' } }), '.npmrc': 'engine-strict=true\n' },
      run: 'pnpm install',
      cause: /ERR_PNPM_UNSUPPORTED_ENGINE/,
    },
    { id: 'pnpm-install-passes', title: 'A clean install', passes: true, files: one, run: 'pnpm install' },
    {
      id: 'pnpm-recursive-passes',
      title: 'Scripts of two workspace packages pass',
      passes: true,
      files: {
        'package.json': manifest({ private: true }),
        'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n",
        'packages/a/package.json': JSON.stringify({
          name: 'a',
          version: '1.0.0',
          scripts: { test: 'echo 0 failing' },
        }),
        'packages/b/package.json': JSON.stringify({
          name: 'b',
          version: '1.0.0',
          scripts: { test: 'echo error handling ok' },
        }),
      },
      run: 'pnpm -r test',
    },
  ],
};

import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const manifest = (more: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ name: 'app', version: '1.0.0', ...more }, null, 2)}\n`;

const settings = (more: string): string =>
  `enableTelemetry: false\nenableImmutableInstalls: false\nnodeLinker: node-modules\nhttpRetry: 0\n${more}`;

const project = (
  dependencies: Readonly<Record<string, string>>,
  more = '',
): Readonly<Record<string, string>> => ({
  'package.json': manifest({ dependencies }),
  'yarn.lock': '',
  '.yarnrc.yml': settings(more),
});

const trusted = `export NODE_EXTRA_CA_CERTS="\${NODE_EXTRA_CA_CERTS-}"`;

/** Yarn (Berry): installs and workspaces. */
export const yarn: ToolScenarios = {
  tool: 'yarn',
  version: 'yarn --version',
  needs: ['yarn'],
  toolchains: ['js'],
  ownModules: true,
  scenarios: [
    {
      id: 'yarn-immutable',
      title: 'The lock file would change under --immutable',
      fails: ['dep.lockfile', 'never-fixable'],
      files: project({ 'is-number': '7.0.0' }),
      run: 'yarn install --immutable',
      ci: true,
      cause: /The lockfile would have been modified by this install, which is explicitly forbidden/,
    },
    {
      id: 'yarn-no-candidates',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: project({ 'is-number': '97.0.0' }),
      run: 'yarn install',
      cause: /No candidates found/,
    },
    {
      id: 'yarn-404',
      title: 'A registry that does not have the package',
      fails: ['dep.missing', 'never-fixable'],
      files: project(
        { '@acme/forms': '1.0.0' },
        `npmRegistryServer: "${httpBase}/status/404"\nunsafeHttpWhitelist: ["127.0.0.1"]\n`,
      ),
      run: 'yarn install',
      cause: /Package not found|Response Code: 404/,
    },
    {
      id: 'yarn-401',
      title: 'The registry wants a login',
      fails: ['auth.registry', 'never'],
      files: project(
        { '@acme/forms': '1.0.0' },
        `npmRegistryServer: "${httpBase}/status/401"\nunsafeHttpWhitelist: ["127.0.0.1"]\n`,
      ),
      run: 'yarn install',
      cause: /Invalid authentication/,
    },
    {
      id: 'yarn-503',
      title: 'The registry is down',
      fails: ['remote.outage', 'backoff'],
      files: project(
        { '@acme/forms': '1.0.0' },
        `npmRegistryServer: "${httpBase}/status/503"\nunsafeHttpWhitelist: ["127.0.0.1"]\n`,
      ),
      run: 'yarn install',
      cause: /Response Code: 503|The remote server failed/,
    },
    {
      id: 'yarn-refused',
      title: 'Nothing listens where the registry should',
      fails: ['network.refused', 'backoff'],
      files: project(
        { '@acme/forms': '1.0.0' },
        `npmRegistryServer: "http://127.0.0.1:${ports.refused}"\nunsafeHttpWhitelist: ["127.0.0.1"]\n`,
      ),
      run: 'yarn install',
      cause: /ECONNREFUSED/,
    },
    {
      id: 'yarn-workspace-not-found',
      title: 'A workspace dependency that no package provides',
      fails: ['dep.missing', 'never-fixable'],
      files: project({ '@acme/core': 'workspace:^' }),
      run: 'yarn install',
      cause: /Workspace not found/,
    },
    {
      id: 'yarn-unknown-script',
      title: 'The pipeline runs a script that package.json lacks',
      fails: ['config.invalid', 'never-fixable'],
      files: project({}),
      prepare: 'yarn install >/dev/null',
      run: 'yarn run deploy',
      cause: /find a script named/,
    },
    {
      id: 'yarn-install-passes',
      title: 'A clean install',
      passes: true,
      files: project({}),
      run: `${trusted}\nyarn install`,
    },
    {
      id: 'yarn-script-passes',
      title: 'A script that passes',
      passes: true,
      files: {
        ...project({}),
        'package.json': manifest({ scripts: { check: 'node -e "console.log(\'no errors\')"' } }),
      },
      prepare: 'yarn install >/dev/null',
      run: 'yarn check',
    },
  ],
};

import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const wheelhouse = `python3 - <<'PY'
import zipfile, os, hashlib, base64
os.makedirs('wheels', exist_ok=True)
def wheel(name, version, requires=()):
    dist = f'{name}-{version}.dist-info'
    with zipfile.ZipFile(f'wheels/{name}-{version}-py3-none-any.whl', 'w') as z:
        z.writestr(f'{name}.py', 'value = 1\\n')
        z.writestr(f'{dist}/METADATA', 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n%s' % (name, version, ''.join(f'Requires-Dist: {r}\\n' for r in requires)))
        z.writestr(f'{dist}/WHEEL', 'Wheel-Version: 1.0\\nGenerator: hand\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        z.writestr(f'{dist}/RECORD', '')
wheel('acme_web', '2.0', ['acme_core<2'])
wheel('acme_jobs', '1.4', ['acme_core>=2'])
wheel('acme_core', '1.9')
wheel('acme_core', '2.1')
PY`;

/** uv. */
export const uv: ToolScenarios = {
  tool: 'uv',
  version: 'uv --version',
  needs: ['uv'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'uv-unsatisfiable',
      title: 'Two requirements that exclude each other',
      fails: ['dep.conflict', 'never-fixable'],
      prepare: wheelhouse,
      run: 'uv venv -q .venv\nuv pip install --python .venv --no-index --find-links wheels acme_web acme_jobs',
      cause: /No solution found when resolving dependencies/,
    },
    {
      id: 'uv-locked',
      title: 'The lock file is older than pyproject.toml',
      fails: ['dep.lockfile', 'never-fixable'],
      files: {
        'pyproject.toml':
          '[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.11"\ndependencies = []\n',
      },
      prepare: 'uv lock -q && sed -i \'s/dependencies = .*/dependencies = ["six==1.16.0"]/\' pyproject.toml',
      run: 'uv sync --locked',
      cause: /The lockfile at `uv\.lock` needs to be updated, but `--locked` was provided/,
    },
    {
      id: 'uv-toml',
      title: 'A pyproject.toml that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'pyproject.toml': '[project\nname = "app"\n' },
      run: 'uv sync',
      cause: /TOML parse error/,
    },
    {
      id: 'uv-refused',
      title: 'Nothing listens where the index should',
      fails: ['network.refused', 'backoff'],
      env: { UV_HTTP_TIMEOUT: '2', UV_HTTP_RETRIES: '0' },
      run: `uv venv -q .venv\nuv pip install --python .venv --index-url http://127.0.0.1:${ports.refused}/simple six`,
      cause: /Connection refused|Failed to fetch/,
    },
    {
      id: 'uv-externally-managed',
      title: 'The system Python refuses installs',
      fails: ['env.toolchain', 'never-fixable'],
      needs: ['/usr/bin/python3'],
      run: 'uv pip install --python /usr/bin/python3 six',
      cause: /externally managed/,
    },
    {
      id: 'uv-passes',
      title: 'An install',
      passes: true,
      run: 'uv venv .venv\nuv pip install --python .venv six==1.16.0',
    },
  ],
};

/** Poetry. */
export const poetry: ToolScenarios = {
  tool: 'poetry',
  version: 'poetry --version',
  needs: ['poetry'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'poetry-lock-old',
      title: 'The lock file is older than pyproject.toml',
      fails: ['dep.lockfile', 'never-fixable'],
      files: {
        'pyproject.toml':
          '[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.11"\ndependencies = []\n[tool.poetry]\npackage-mode = false\n',
      },
      prepare:
        'poetry lock -q && sed -i \'s/^dependencies = .*/dependencies = ["six==1.16.0"]/\' pyproject.toml',
      run: 'poetry install',
      cause: /pyproject\.toml changed significantly since poetry\.lock was last generated/,
    },
    {
      id: 'poetry-invalid',
      title: 'A pyproject.toml without what poetry needs',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'pyproject.toml': '[project]\nversion = "0.1"\n' },
      run: 'poetry check',
      cause: /Either \[project\.name\] or \[tool\.poetry\.name\] is required|project must contain/,
    },
    {
      id: 'poetry-no-project',
      title: 'No pyproject.toml',
      fails: ['os.missing', 'never-fixable'],
      run: 'poetry install',
      cause: /could not find a pyproject\.toml file/,
    },
    {
      id: 'poetry-passes',
      title: 'A check',
      passes: true,
      files: {
        'pyproject.toml':
          '[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.11"\ndependencies = []\n[tool.poetry]\npackage-mode = false\n',
      },
      run: 'poetry lock\npoetry check --lock',
    },
  ],
};

import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const quick = '--retries 0 --timeout 2';

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

/** pip. */
export const pip: ToolScenarios = {
  tool: 'pip',
  version: 'pip --version | cut -d" " -f2',
  needs: ['python3'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'pip-no-matching-distribution',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'requirements.txt': 'six==99.0\n' },
      run: 'python -m venv .venv\n.venv/bin/pip install -r requirements.txt',
      ci: true,
      cause: /Could not find a version that satisfies the requirement six==99\.0/,
    },
    {
      id: 'pip-conflict',
      title: 'Two requirements that exclude each other',
      fails: ['dep.conflict', 'never-fixable'],
      prepare: wheelhouse,
      run: 'python -m venv .venv\n.venv/bin/pip install --no-index --find-links wheels acme_web acme_jobs',
      cause:
        /ERROR: Cannot install .* because these package versions have conflicting dependencies|ResolutionImpossible/,
    },
    {
      id: 'pip-hashes',
      title: 'A download that does not match its hash',
      fails: ['dep.integrity', 'once'],
      files: { 'requirements.txt': `acme_core==1.9 --hash=sha256:${'ab'.repeat(32)}\n` },
      prepare: wheelhouse,
      run: 'python -m venv .venv\n.venv/bin/pip install --no-index --find-links wheels --require-hashes -r requirements.txt',
      cause: /THESE PACKAGES DO NOT MATCH THE HASHES/,
    },
    {
      id: 'pip-read-timeout',
      title: 'The index never answers',
      fails: ['network.timeout', 'backoff'],
      run: `python -m venv .venv\n.venv/bin/pip install --retries 1 --timeout 2 --index-url http://127.0.0.1:${ports.silent}/simple six`,
      cause: /Read timed out/,
    },
    {
      id: 'pip-dns',
      title: 'Name resolution fails on the runner',
      fails: ['network.dns', 'backoff'],
      offline: true,
      run: `python -m venv .venv\n.venv/bin/pip install --retries 1 --timeout 2 six`,
      cause: /Temporary failure in name resolution/,
    },
    {
      id: 'pip-refused',
      title: 'Nothing listens where the index should',
      fails: ['network.refused', 'backoff'],
      run: `python -m venv .venv\n.venv/bin/pip install --retries 1 --timeout 2 --index-url http://127.0.0.1:${ports.refused}/simple six`,
      cause: /Connection refused/,
    },
    {
      id: 'pip-self-signed',
      title: 'The index has a certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      run: `python -m venv .venv\n.venv/bin/pip install ${quick} --index-url https://localhost:${ports.selfSigned}/simple six`,
      cause: /CERTIFICATE_VERIFY_FAILED/,
    },
    {
      id: 'pip-503',
      title: 'The index answers 503',
      fails: ['remote.outage', 'backoff'],
      run: `python -m venv .venv\n.venv/bin/pip install --retries 1 --timeout 2 ${httpBase}/status/503/acme_core-1.9-py3-none-any.whl`,
      cause: /too many 503 error responses|503 Server Error|HTTP error 503/,
    },
    {
      id: 'pip-build-wheel',
      title: 'A native extension whose header is not on the machine',
      fails: ['dep.native', 'never-fixable'],
      files: {
        'native/setup.py':
          "from setuptools import setup, Extension\nsetup(name='acme-native', version='1.0', ext_modules=[Extension('acme_native', ['native.c'])])\n",
        'native/native.c': '#include <Python.h>\n#include <libacme/codec.h>\nint x;\n',
      },
      needs: ['gcc'],
      run: 'pip install -v --no-build-isolation --no-deps --target out ./native',
      ci: true,
      cause: /fatal error: libacme\/codec\.h: No such file or directory/,
    },
    {
      id: 'pip-requirements-missing',
      title: 'The requirements file does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'pip install -r requirements-dev.txt',
      cause: /Could not open requirements file/,
    },
    {
      id: 'pip-invalid-requirement',
      title: 'A requirement that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'requirements.txt': 'requests=>2.0\n' },
      run: 'pip install -r requirements.txt',
      cause: /Invalid requirement/,
    },
    {
      id: 'pip-python-version',
      title: 'A package that asks for another Python',
      fails: ['env.toolchain', 'never-fixable'],
      files: {
        'setup.py':
          "from setuptools import setup\nsetup(name='acme-app', version='1', python_requires='>=3.99')\n",
      },
      run: 'pip install --no-build-isolation --target out .',
      cause: /requires a different Python/,
    },
    {
      id: 'pip-enospc',
      title: 'The disk is full during the install',
      fails: ['disk.full', 'once-elsewhere'],
      smallDisk: { path: 'site', size: '512k' },
      run: 'pip install --target site/packages requests==2.32.5',
      cause: /No space left on device/,
    },
    {
      id: 'pip-install-passes',
      title: 'An install',
      passes: true,
      run: 'pip install --target out six==1.16.0',
      ci: true,
    },
    {
      id: 'pip-check-passes',
      title: 'No broken requirements',
      passes: true,
      prepare: wheelhouse,
      run: 'python -m venv .venv\n.venv/bin/pip install --no-index --find-links wheels acme_jobs\n.venv/bin/pip check',
    },
  ],
};

import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const many = Object.fromEntries(
  Array.from({ length: 30 }, (_, index) => [
    `tests/test_area_${index}.py`,
    `import pytest\n\n@pytest.mark.parametrize("n", range(40))\ndef test_retry_after_error(n):\n    if ${index} == 17 and n == 23:\n        assert open_sockets() == []\n\ndef open_sockets():\n    return 3\n`,
  ]),
);

/** pytest. */
export const pytest: ToolScenarios = {
  tool: 'pytest',
  version: 'pytest --version',
  needs: ['pytest'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'pytest-assert',
      title: 'An assertion fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'test_cart.py':
          'def total(items):\n    return sum(items) * 0.9\n\ndef test_total():\n    assert total([10, 20]) == 30\n',
      },
      run: 'pytest',
      cause: /assert 27\.0 == 30/,
    },
    {
      id: 'pytest-many',
      title: 'One of 1,200 tests fails',
      fails: ['test.assert', 'never-fixable'],
      files: many,
      run: 'pytest -v --color=yes',
      ci: true,
      cause: /E +assert 3 == \[\]/,
    },
    {
      id: 'pytest-import',
      title: 'A test module imports a package that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: { 'test_api.py': 'import acme_client\n\ndef test_ping():\n    assert acme_client.ping()\n' },
      run: 'pytest',
      cause: /ModuleNotFoundError: No module named 'acme_client'/,
    },
    {
      id: 'pytest-fixture',
      title: 'A fixture that does not exist',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'test_api.py': 'def test_ping(http_client):\n    assert http_client\n' },
      run: 'pytest',
      cause: /fixture 'http_client' not found/,
    },
    {
      id: 'pytest-timeout',
      title: 'A test that hangs',
      fails: ['test.timeout', 'once'],
      files: { 'test_slow.py': 'import time\n\ndef test_queue_drains():\n    time.sleep(60)\n' },
      run: 'pytest --timeout 1',
      cause: /Failed: Timeout \(>1\.0s\) from pytest-timeout/,
    },
    {
      id: 'pytest-none',
      title: 'No tests are collected',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'checks/app_checks.py': 'def check_app():\n    assert True\n' },
      run: 'pytest',
      cause: /no tests ran in/,
    },
    {
      id: 'pytest-usage',
      title: 'An option of a plugin that is not installed',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'test_a.py': 'def test_a():\n    pass\n' },
      run: 'pytest --cov=app',
      cause: /error: unrecognized arguments: --cov=app/,
    },
    {
      id: 'pytest-crash',
      title: 'The interpreter crashes inside a test',
      fails: ['test.crash', 'once'],
      files: { 'test_native.py': 'import ctypes\n\ndef test_native_copy():\n    ctypes.string_at(0)\n' },
      run: 'pytest',
      cause: /Fatal Python error: Segmentation fault/,
    },
    {
      id: 'pytest-db',
      title: 'All tests of a suite fail in their set-up: no database',
      fails: ['db.down', 'backoff'],
      files: {
        'test_db.py': `import psycopg2\nimport pytest\n\n@pytest.fixture\ndef db():\n    return psycopg2.connect('postgresql://app@127.0.0.1:${ports.refused}/app_test')\n\n@pytest.mark.parametrize('n', range(3))\ndef test_query(db, n):\n    assert db\n`,
      },
      run: 'pytest',
      cause: /psycopg2\.OperationalError: connection to server/,
    },
    {
      id: 'pytest-passes',
      title: 'A thousand tests pass',
      passes: true,
      files: Object.fromEntries(Object.entries(many).filter(([name]) => !name.includes('_17'))),
      run: 'pytest -v',
      ci: true,
    },
    {
      id: 'pytest-xfail-passes',
      title: 'Expected failures, warnings and skips',
      passes: true,
      files: {
        'test_a.py':
          "import pytest, warnings\n\n@pytest.mark.xfail\ndef test_known_error():\n    assert False\n\n@pytest.mark.skip(reason='no network')\ndef test_remote():\n    pass\n\ndef test_warns():\n    warnings.warn('connection failed, retrying')\n",
      },
      run: 'pytest -ra',
    },
  ],
};

/** tox. */
export const tox: ToolScenarios = {
  tool: 'tox',
  version: 'tox --version | tail -n 1 | cut -d" " -f1',
  needs: ['tox'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'tox-command',
      title: 'The command of an environment fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        'tox.ini':
          '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -c "assert 2 + 2 == 5, \'arithmetic\'"\n',
      },
      run: 'tox -e py',
      cause: /AssertionError: arithmetic/,
    },
    {
      id: 'tox-interpreter',
      title: 'An interpreter that is not on the machine',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'tox.ini': '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -V\n' },
      run: 'tox -e py34 --skip-missing-interpreters false',
      cause: /could not find python interpreter/,
    },
    {
      id: 'tox-allowlist',
      title: 'A command that is not allowed',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'tox.ini': '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = make test\n' },
      run: 'tox -e py',
      cause: /make is not allowed, use allowlist_externals/,
    },
    {
      id: 'tox-passes',
      title: 'An environment passes',
      passes: true,
      files: {
        'tox.ini':
          '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -c "print(1)"\n',
      },
      run: 'tox -e py',
    },
  ],
};

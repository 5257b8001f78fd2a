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
      files: { 'test_cart.py': 'def total(items):\n    return sum(items) * 0.9\n\ndef test_total():\n    assert total([10, 20]) == 30\n' },
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
      files: { 'test_db.py': "import psycopg2\nimport pytest\n\n@pytest.fixture\ndef db():\n    return psycopg2.connect('postgresql://app@127.0.0.1:21007/app_test')\n\n@pytest.mark.parametrize('n', range(3))\ndef test_query(db, n):\n    assert db\n" },
      run: 'pytest',
      cause: /psycopg2\.OperationalError: connection to server/,
    },
    { id: 'pytest-passes', title: 'A thousand tests pass', passes: true, files: Object.fromEntries(Object.entries(many).filter(([name]) => !name.includes('_17'))), run: 'pytest -v', ci: true },
    { id: 'pytest-xfail-passes', title: 'Expected failures, warnings and skips', passes: true, files: { 'test_a.py': "import pytest, warnings\n\n@pytest.mark.xfail\ndef test_known_error():\n    assert False\n\n@pytest.mark.skip(reason='no network')\ndef test_remote():\n    pass\n\ndef test_warns():\n    warnings.warn('connection failed, retrying')\n" }, run: 'pytest -ra' },
  ],
};

/** mypy. */
export const mypy: ToolScenarios = {
  tool: 'mypy',
  version: 'mypy --version',
  needs: ['mypy'],
  toolchains: ['python'],
  scenarios: [
    { id: 'mypy-assignment', title: 'A value of the wrong type', fails: ['code.compile', 'never-fixable'], files: { 'app.py': "retries: int = 'three'\n" }, run: 'mypy app.py', cause: /Incompatible types in assignment/ },
    { id: 'mypy-argument', title: 'An argument of the wrong type', fails: ['code.compile', 'never-fixable'], files: { 'app.py': "def wait(seconds: float) -> None: ...\n\nwait('1s')\n" }, run: 'mypy app.py', cause: /Argument 1 to "wait" has incompatible type/ },
    { id: 'mypy-return', title: 'A missing return', fails: ['code.compile', 'never-fixable'], files: { 'app.py': 'def port(name: str) -> int:\n    if name:\n        return 80\n' }, run: 'mypy --strict app.py', cause: /Missing return statement/ },
    { id: 'mypy-stubs', title: 'A library without type stubs', fails: ['dep.missing', 'never-fixable'], files: { 'app.py': 'import docutils\n' }, run: 'mypy app.py', cause: /Library stubs not installed for "docutils"/ },
    { id: 'mypy-missing-import', title: 'An import of a package that is not installed', fails: ['code.import', 'never-fixable'], files: { 'app.py': 'import acme_client\n' }, run: 'mypy app.py', cause: /Cannot find implementation or library stub for module named "acme_client"/ },
    { id: 'mypy-syntax', title: 'A file that does not parse', fails: ['code.compile', 'never-fixable'], files: { 'app.py': 'def f(:\n    pass\n' }, run: 'mypy app.py', cause: /error: Invalid syntax/ },
    { id: 'mypy-optional', title: 'An attribute of a value that may be None', fails: ['code.compile', 'never-fixable'], files: { 'app.py': "import re\nprint(re.match('a', 'b').group())\n" }, run: 'mypy --pretty --color-output app.py', env: { MYPY_FORCE_COLOR: '1' }, cause: /Item "None" of .* has no attribute "group"/ },
    { id: 'mypy-passes', title: 'Nothing to report', passes: true, files: { 'app.py': 'retries: int = 3\n' }, run: 'mypy --strict app.py' },
  ],
};

/** Ruff. */
export const ruff: ToolScenarios = {
  tool: 'ruff',
  version: 'ruff --version',
  needs: ['ruff'],
  toolchains: ['python'],
  scenarios: [
    { id: 'ruff-unused', title: 'Unused imports', fails: ['lint', 'never-fixable'], files: { 'app.py': 'import os\nimport sys\n' }, run: 'ruff check app.py', cause: /F401/ },
    { id: 'ruff-undefined', title: 'An undefined name, in short form with colours', fails: ['lint', 'never-fixable'], files: { 'app.py': 'print(config)\n' }, run: 'ruff check --output-format concise app.py', env: { FORCE_COLOR: '1' }, cause: /F821 Undefined name/ },
    { id: 'ruff-format', title: 'A file that is not formatted', fails: ['lint', 'never-fixable'], files: { 'app.py': 'x = {  "a":1 }\n' }, run: 'ruff format --check .', cause: /Would reformat: app\.py/ },
    { id: 'ruff-config', title: 'A configuration with an unknown key', fails: ['config.invalid', 'never-fixable'], files: { 'ruff.toml': 'linelength = 100\n', 'app.py': '' }, run: 'ruff check .', cause: /unknown field `linelength`/ },
    { id: 'ruff-passes', title: 'Nothing to report', passes: true, files: { 'app.py': 'x = 1\n' }, run: 'ruff check .' },
  ],
};

/** Flake8. */
export const flake8: ToolScenarios = {
  tool: 'flake8',
  version: 'flake8 --version',
  needs: ['flake8'],
  toolchains: ['python'],
  scenarios: [
    { id: 'flake8-style', title: 'Style problems', fails: ['lint', 'never-fixable'], files: { 'app.py': 'import os\ndef f( a ):\n  return a\n' }, run: 'flake8 app.py', cause: /F401 'os' imported but unused/ },
    { id: 'flake8-syntax', title: 'A file that does not parse', fails: ['code.compile', 'never-fixable'], files: { 'app.py': 'def f(:\n' }, run: 'flake8 app.py', cause: /E999 SyntaxError/ },
    { id: 'flake8-option', title: 'A code that is not valid in the configuration', fails: ['config.invalid', 'never-fixable'], files: { '.flake8': '[flake8]\nextend-ignore = E203 # black\n', 'app.py': '' }, run: 'flake8 app.py', cause: /Error code .* supplied to .* option does not match/ },
    { id: 'flake8-passes', title: 'Nothing to report', passes: true, files: { 'app.py': 'x = 1\n' }, run: 'flake8 --count app.py' },
  ],
};

/** Pylint. */
export const pylint: ToolScenarios = {
  tool: 'pylint',
  version: 'pylint --version',
  needs: ['pylint'],
  toolchains: ['python'],
  scenarios: [
    { id: 'pylint-no-member', title: 'A member that does not exist', fails: ['lint', 'never-fixable'], files: { 'app.py': '"""App."""\nimport os\n\nprint(os.getcwdd())\n' }, run: 'pylint app.py', cause: /E1101: Module 'os' has no 'getcwdd' member/ },
    { id: 'pylint-score', title: 'A score below the threshold', fails: ['lint', 'never-fixable'], files: { 'app.py': 'def F(a):\n    x=a\n    y=2\n    return x\n' }, run: 'pylint --fail-under 9 app.py', cause: /Your code has been rated at/ },
    { id: 'pylint-passes', title: 'Nothing to report', passes: true, files: { 'app.py': '"""App."""\n\nPORT = 80\n' }, run: 'pylint app.py' },
  ],
};

/** Black. */
export const black: ToolScenarios = {
  tool: 'black',
  version: 'black --version',
  needs: ['black'],
  toolchains: ['python'],
  scenarios: [
    { id: 'black-check', title: 'Files that are not formatted', fails: ['lint', 'never-fixable'], files: { 'app.py': "x = { 'a':1 }\n" }, run: 'black --check .', cause: /would reformat/ },
    { id: 'black-parse', title: 'A file that does not parse', fails: ['code.compile', 'never-fixable'], files: { 'app.py': 'print "hello"\n' }, run: 'black --check .', cause: /error: cannot format app\.py: Cannot parse|cannot format/ },
    { id: 'black-passes', title: 'All files are formatted', passes: true, files: { 'app.py': 'x = 1\n' }, run: 'black --check .' },
  ],
};

/** yamllint. */
export const yamllint: ToolScenarios = {
  tool: 'yamllint',
  version: 'yamllint --version',
  needs: ['yamllint'],
  toolchains: ['python'],
  scenarios: [
    { id: 'yamllint-syntax', title: 'A workflow with a wrong indentation', fails: ['config.invalid', 'never-fixable'], files: { 'ci.yml': '---\njobs:\n  build:\n    steps:\n     - run: make\n    - run: test\n' }, run: 'yamllint ci.yml', cause: /syntax error/ },
    { id: 'yamllint-duplicate', title: 'A key given twice', fails: ['lint', 'never-fixable'], files: { 'ci.yml': '---\nname: ci\nenv:\n  A: 1\nenv:\n  B: 2\n' }, run: 'yamllint --format colored ci.yml', cause: /duplication of key "env" in mapping/ },
    { id: 'yamllint-passes', title: 'Nothing to report', passes: true, files: { 'ci.yml': '---\nname: ci\n' }, run: 'yamllint --format parsable . && echo checked' },
  ],
};

/** tox. */
export const tox: ToolScenarios = {
  tool: 'tox',
  version: 'tox --version',
  needs: ['tox'],
  toolchains: ['python'],
  scenarios: [
    { id: 'tox-command', title: 'The command of an environment fails', fails: ['test.assert', 'never-fixable'], files: { 'tox.ini': '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -c "assert 2 + 2 == 5, \'arithmetic\'"\n' }, run: 'tox -e py', cause: /AssertionError: arithmetic/ },
    { id: 'tox-interpreter', title: 'An interpreter that is not on the machine', fails: ['env.toolchain', 'never-fixable'], files: { 'tox.ini': '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -V\n' }, run: 'tox -e py34 --skip-missing-interpreters false', cause: /could not find python interpreter/ },
    { id: 'tox-allowlist', title: 'A command that is not allowed', fails: ['config.invalid', 'never-fixable'], files: { 'tox.ini': '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = make test\n' }, run: 'tox -e py', cause: /make is not allowed, use allowlist_externals/ },
    { id: 'tox-passes', title: 'An environment passes', passes: true, files: { 'tox.ini': '[tox]\nskipsdist = true\n[testenv]\nskip_install = true\ncommands = python -c "print(1)"\n' }, run: 'tox -e py' },
  ],
};

import type { ToolScenarios } from '../scenario.ts';

/** mypy. */
export const mypy: ToolScenarios = {
  tool: 'mypy',
  version: 'mypy --version',
  needs: ['mypy'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'mypy-assignment',
      title: 'A value of the wrong type',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': "retries: int = 'three'\n" },
      run: 'mypy app.py',
      cause: /Incompatible types in assignment/,
    },
    {
      id: 'mypy-argument',
      title: 'An argument of the wrong type',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': "def wait(seconds: float) -> None: ...\n\nwait('1s')\n" },
      run: 'mypy app.py',
      cause: /Argument 1 to "wait" has incompatible type/,
    },
    {
      id: 'mypy-return',
      title: 'A missing return',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': 'def port(name: str) -> int:\n    if name:\n        return 80\n' },
      run: 'mypy --strict app.py',
      cause: /Missing return statement/,
    },
    {
      id: 'mypy-stubs',
      title: 'A library without type stubs',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'app.py': 'import docutils\n' },
      run: 'mypy app.py',
      cause: /Library stubs not installed for "docutils"/,
    },
    {
      id: 'mypy-missing-import',
      title: 'An import of a package that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: { 'app.py': 'import acme_client\n' },
      run: 'mypy app.py',
      cause: /Cannot find implementation or library stub for module named "acme_client"/,
    },
    {
      id: 'mypy-syntax',
      title: 'A file that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': 'def f(:\n    pass\n' },
      run: 'mypy app.py',
      cause: /error: Invalid syntax/,
    },
    {
      id: 'mypy-optional',
      title: 'An attribute of a value that may be None',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': "import re\nprint(re.match('a', 'b').group())\n" },
      run: 'mypy --pretty --color-output app.py',
      env: { MYPY_FORCE_COLOR: '1' },
      cause: /Item "None" of .* has no attribute "group"/,
    },
    {
      id: 'mypy-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'app.py': 'retries: int = 3\n' },
      run: 'mypy --strict app.py',
    },
  ],
};

/** Ruff. */
export const ruff: ToolScenarios = {
  tool: 'ruff',
  version: 'ruff --version',
  needs: ['ruff'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'ruff-unused',
      title: 'Unused imports',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': 'import os\nimport sys\n' },
      run: 'ruff check app.py',
      cause: /F401/,
    },
    {
      id: 'ruff-undefined',
      title: 'An undefined name, in short form with colours',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': 'print(config)\n' },
      run: 'ruff check --output-format concise app.py',
      env: { FORCE_COLOR: '1' },
      cause: /F821 Undefined name/,
    },
    {
      id: 'ruff-format',
      title: 'A file that is not formatted',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': 'x = {  "a":1 }\n' },
      run: 'ruff format --check .',
      cause: /Would reformat: app\.py/,
    },
    {
      id: 'ruff-config',
      title: 'A configuration with an unknown key',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'ruff.toml': 'linelength = 100\n', 'app.py': '' },
      run: 'ruff check .',
      cause: /unknown field `linelength`/,
    },
    {
      id: 'ruff-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'app.py': 'x = 1\n' },
      run: 'ruff check .',
    },
  ],
};

/** Flake8. */
export const flake8: ToolScenarios = {
  tool: 'flake8',
  version: 'flake8 --version',
  needs: ['flake8'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'flake8-style',
      title: 'Style problems',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': 'import os\ndef f( a ):\n  return a\n' },
      run: 'flake8 app.py',
      cause: /F401 'os' imported but unused/,
    },
    {
      id: 'flake8-syntax',
      title: 'A file that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': 'def f(:\n' },
      run: 'flake8 app.py',
      cause: /E999 SyntaxError/,
    },
    {
      id: 'flake8-option',
      title: 'A code that is not valid in the configuration',
      fails: ['config.invalid', 'never-fixable'],
      files: { '.flake8': '[flake8]\nextend-ignore = E203 # black\n', 'app.py': '' },
      run: 'flake8 app.py',
      cause: /Error code .* supplied to .* option does not match/,
    },
    {
      id: 'flake8-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'app.py': 'x = 1\n' },
      run: 'flake8 --count app.py',
    },
  ],
};

/** Pylint. */
export const pylint: ToolScenarios = {
  tool: 'pylint',
  version: 'pylint --version',
  needs: ['pylint'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'pylint-no-member',
      title: 'A member that does not exist',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': '"""App."""\nimport os\n\nprint(os.getcwdd())\n' },
      run: 'pylint app.py',
      cause: /E1101: Module 'os' has no 'getcwdd' member/,
    },
    {
      id: 'pylint-score',
      title: 'A score below the threshold',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': 'def F(a):\n    x=a\n    y=2\n    return x\n' },
      run: 'pylint --fail-under 9 app.py',
      cause: /Your code has been rated at/,
    },
    {
      id: 'pylint-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'app.py': '"""App."""\n\nPORT = 80\n' },
      run: 'pylint app.py',
    },
  ],
};

/** Black. */
export const black: ToolScenarios = {
  tool: 'black',
  version: 'black --version',
  needs: ['black'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'black-check',
      title: 'Files that are not formatted',
      fails: ['lint', 'never-fixable'],
      files: { 'app.py': "x = { 'a':1 }\n" },
      run: 'black --check .',
      cause: /would reformat/,
    },
    {
      id: 'black-parse',
      title: 'A file that does not parse',
      fails: ['code.compile', 'never-fixable'],
      files: { 'app.py': 'print "hello"\n' },
      run: 'black --check .',
      cause: /error: cannot format app\.py: Cannot parse|cannot format/,
    },
    {
      id: 'black-passes',
      title: 'All files are formatted',
      passes: true,
      files: { 'app.py': 'x = 1\n' },
      run: 'black --check .',
    },
  ],
};

/** yamllint. */
export const yamllint: ToolScenarios = {
  tool: 'yamllint',
  version: 'yamllint --version',
  needs: ['yamllint'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'yamllint-syntax',
      title: 'A workflow with a wrong indentation',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'ci.yml': '---\njobs:\n  build:\n    steps:\n     - run: make\n    - run: test\n' },
      run: 'yamllint ci.yml',
      cause: /syntax error/,
    },
    {
      id: 'yamllint-duplicate',
      title: 'A key given twice',
      fails: ['lint', 'never-fixable'],
      files: { 'ci.yml': '---\nname: ci\nenv:\n  A: 1\nenv:\n  B: 2\n' },
      run: 'yamllint --format colored ci.yml',
      cause: /duplication of key "env" in mapping/,
    },
    {
      id: 'yamllint-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'ci.yml': '---\nname: ci\n' },
      run: 'yamllint --format parsable . && echo checked',
    },
  ],
};

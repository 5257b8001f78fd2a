import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** Python itself: programs that end badly. */
export const python: ToolScenarios = {
  tool: 'python',
  version: 'python3 --version',
  needs: ['python3'],
  toolchains: ['python'],
  scenarios: [
    {
      id: 'python-module',
      title: 'A module that is not installed',
      fails: ['code.import', 'never-fixable'],
      files: { 'manage.py': 'import django\n' },
      run: 'python manage.py migrate',
      cause: /ModuleNotFoundError: No module named 'django'/,
    },
    {
      id: 'python-import-name',
      title: 'A name that a module does not have',
      fails: ['code.import', 'never-fixable'],
      files: { 'main.py': 'from collections import Mapping\n' },
      run: 'python main.py',
      cause: /ImportError: cannot import name 'Mapping'/,
    },
    {
      id: 'python-syntax',
      title: 'A script for Python 2',
      fails: ['code.compile', 'never-fixable'],
      files: { 'deploy.py': 'print "deploying"\n' },
      run: 'python deploy.py',
      cause: /SyntaxError: Missing parentheses in call to 'print'/,
    },
    {
      id: 'python-indent',
      title: 'An indentation that does not fit',
      fails: ['code.compile', 'never-fixable'],
      files: { 'main.py': 'def f():\n        a = 1\n    return a\n' },
      run: 'python main.py',
      cause: /IndentationError: unindent does not match/,
    },
    {
      id: 'python-key',
      title: 'An environment variable that is not set',
      fails: ['env.config', 'never'],
      files: { 'main.py': "import os\nprint(os.environ['DATABASE_URL'])\n" },
      run: 'python main.py',
      cause: /KeyError: 'DATABASE_URL'/,
    },
    {
      id: 'python-type',
      title: 'A type error',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'main.py':
          "def total(rows):\n    return sum(r['price'] for r in rows)\n\nprint(total([{'price': '9'}]))\n",
      },
      run: 'python main.py',
      cause: /TypeError: unsupported operand type/,
    },
    {
      id: 'python-memory',
      title: 'Memory runs out under a limit',
      fails: ['mem.oom', 'once-elsewhere'],
      files: { 'main.py': 'rows = []\nwhile True:\n    rows.append(bytearray(50_000_000))\n' },
      run: 'ulimit -v 600000\npython main.py',
      cause: /MemoryError/,
    },
    {
      id: 'python-recursion',
      title: 'A recursion without an end',
      fails: ['code.runtime', 'never-fixable'],
      files: { 'main.py': 'def walk(node):\n    return walk(node)\n\nwalk(1)\n' },
      run: 'python main.py',
      cause: /RecursionError: maximum recursion depth exceeded/,
    },
    {
      id: 'python-file',
      title: 'A file that does not exist',
      fails: ['os.missing', 'never-fixable'],
      files: { 'main.py': "open('config/settings.toml')\n" },
      run: 'python main.py',
      cause: /FileNotFoundError: \[Errno 2\]/,
    },
    {
      id: 'python-script-missing',
      title: 'The script is not where the pipeline looks',
      fails: ['os.missing', 'never-fixable'],
      run: 'python scripts/release.py',
      cause: /can't open file/,
    },
    {
      id: 'python-dns',
      title: 'A host name that does not resolve',
      fails: ['network.dns', 'backoff'],
      files: { 'main.py': "import requests\nrequests.get('https://api.acme.invalid/v1')\n" },
      run: 'python main.py',
      cause: /NameResolutionError|Name or service not known/,
    },
    {
      id: 'python-read-timeout',
      title: 'A service that never answers',
      fails: ['network.timeout', 'backoff'],
      files: {
        'main.py': `import requests\nrequests.get('http://127.0.0.1:${ports.silent}/health', timeout=1)\n`,
      },
      run: 'python main.py',
      cause: /requests\.exceptions\.ReadTimeout/,
    },
    {
      id: 'python-reset',
      title: 'A service that resets the connection',
      fails: ['network.reset', 'backoff'],
      files: { 'main.py': `import requests\nrequests.get('http://127.0.0.1:${ports.reset}/health')\n` },
      run: 'python main.py',
      cause: /ConnectionResetError: \[Errno 104\]/,
    },
    {
      id: 'python-http-502',
      title: 'A service behind a broken gateway',
      fails: ['remote.outage', 'backoff'],
      files: { 'main.py': `import requests\nrequests.get('${httpBase}/html').raise_for_status()\n` },
      run: 'python main.py',
      cause: /requests\.exceptions\.HTTPError: 502 Server Error/,
    },
    {
      id: 'python-json',
      title: 'A page where JSON was expected',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'main.py': `import json, urllib.request\njson.load(urllib.request.urlopen('${httpBase}/page'))\n`,
      },
      run: 'python main.py',
      cause: /json\.decoder\.JSONDecodeError/,
    },
    {
      id: 'python-passes',
      title: 'A program that logs caught errors',
      passes: true,
      files: {
        'main.py':
          "import logging\ntry:\n    {}['a']\nexcept KeyError:\n    logging.exception('using the default')\nprint('done')\n",
      },
      run: 'python main.py',
    },
    {
      id: 'python-unittest-passes',
      title: 'unittest passes',
      passes: true,
      files: {
        'test_a.py':
          "import unittest\n\nclass RetryTest(unittest.TestCase):\n    def test_error_is_raised(self):\n        with self.assertRaises(ValueError):\n            int('x')\n",
      },
      run: 'python -m unittest -v',
    },
  ],
};

import type { ToolScenarios } from '../scenario.ts';

/** bash: scripts of pipelines. */
export const bash: ToolScenarios = {
  tool: 'bash',
  version: 'bash --version | head -n 1',
  needs: ['bash'],
  scenarios: [
    {
      id: 'bash-command',
      title: 'A program that is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      run: 'helmfile-acme apply',
      ci: true,
      cause: /helmfile-acme: command not found/,
    },
    {
      id: 'bash-unbound',
      title: 'A variable that is not set',
      fails: ['env.config', 'never'],
      run: 'set -u\necho "deploying to $DEPLOY_HOST"',
      cause: /DEPLOY_HOST: unbound variable/,
    },
    {
      id: 'bash-required',
      title: 'A variable that the script requires',
      fails: ['env.config', 'never'],
      files: {
        'deploy.sh':
          '#!/bin/bash\nset -euo pipefail\ntrap "echo cleaning up; for i in 1 2 3 4 5 6 7 8; do echo removed /tmp/stage-\\$i; done" EXIT\nfor region in $(seq 150); do\n  echo "region $region: checking quota"\n  echo "region $region: 0 errors, 1 warning"\ndone\n: "${API_TOKEN:?API_TOKEN must be set by the pipeline}"\n',
      },
      run: './deploy.sh',
      ci: true,
      cause: /API_TOKEN: API_TOKEN must be set by the pipeline/,
    },
    {
      id: 'bash-permission',
      title: 'A script that may not be executed',
      fails: ['os.permission', 'never-fixable'],
      files: { 'build.sh': 'echo hello\n' },
      run: './build.sh',
      cause: /\.\/build\.sh: Permission denied/,
    },
    {
      id: 'bash-missing',
      title: 'A script that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: './scripts/release.sh --dry-run',
      cause: /\.\/scripts\/release\.sh: No such file or directory/,
    },
    {
      id: 'bash-syntax',
      title: 'A quote that is never closed',
      fails: ['code.compile', 'never-fixable'],
      files: { 'build.sh': '#!/bin/bash\necho "start\nif true; then\n  echo ok\n' },
      run: 'bash build.sh',
      cause: /unexpected EOF while looking for matching/,
    },
    {
      id: 'bash-crlf',
      title: 'A script with Windows line ends',
      fails: ['container.entry', 'never-fixable'],
      files: { 'run.sh': '#!/usr/bin/env bash\r\necho hello\r\n' },
      run: './run.sh',
      cause: /env: .bash\\r.: No such file or directory/,
    },
    {
      id: 'bash-exec-format',
      title: 'A program for another machine',
      fails: ['container.entry', 'never-fixable'],
      prepare:
        "printf '\\177ELF\\002\\001\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000\\002\\000\\267\\000\\001\\000\\000\\000' > agent && chmod +x agent",
      run: './agent',
      cause: /cannot execute binary file: Exec format error/,
    },
    {
      id: 'bash-killed',
      title: 'A step is killed for its memory',
      fails: ['mem.oom', 'once-elsewhere'],
      memoryLimitBytes: 60_000_000,
      needs: ['python3'],
      run: 'echo "indexing"\npython3 -c "x = bytearray(400_000_000)"',
      ci: true,
      cause: /Killed/,
    },
    {
      id: 'bash-segfault',
      title: 'A program crashes',
      fails: ['test.crash', 'once'],
      needs: ['gcc'],
      files: { 'a.c': 'int main(void) { int *volatile p = 0; return *p; }\n' },
      prepare: 'gcc a.c -o integration-test',
      run: './integration-test --all',
      cause: /Segmentation fault/,
    },
    {
      id: 'bash-argument-list',
      title: 'An argument list that is too long',
      fails: ['os.limit', 'never-fixable'],
      run: 'printf -v names "file-%s.js " $(seq 400000)\n/bin/echo $names > list.txt',
      cause: /Argument list too long/,
    },
    {
      id: 'bash-file-size',
      title: 'A file larger than the limit',
      fails: ['os.limit', 'never-fixable'],
      run: 'ulimit -f 64\nhead -c 1000000 /dev/zero > image.bin',
      cause: /File size limit exceeded/,
    },
    {
      id: 'bash-full',
      title: 'The device is full',
      fails: ['disk.full', 'once-elsewhere'],
      run: 'echo "report" > /dev/full',
      cause: /write error: No space left on device/,
    },
    {
      id: 'bash-passes',
      title: 'A script that handles a failure',
      passes: true,
      files: {
        'a.sh':
          '#!/bin/bash\nset -euo pipefail\nif ! missing-tool 2>&1; then echo "missing-tool is optional"; fi\necho "Error: 0, Warnings: 2"\n',
      },
      run: './a.sh',
    },
    {
      id: 'bash-trace-passes',
      title: 'A script with tracing',
      passes: true,
      run: 'set -x\nfor i in 1 2 3; do echo "attempt $i of 3"; done\ntest -n "$HOME"',
    },
  ],
};

/** GNU timeout, as pipelines use it. */
export const timeout: ToolScenarios = {
  tool: 'timeout',
  version: 'timeout --version | head -n 1',
  needs: ['timeout'],
  scenarios: [
    {
      id: 'timeout-term',
      title: 'A step takes longer than it may',
      fails: ['limit.timeout', 'once'],
      files: {
        'suite.sh':
          '#!/bin/bash\nfor i in $(seq 300); do echo "test $i passed"; done\necho "waiting for http://127.0.0.1:8080/ready"\nsleep 60\n',
      },
      run: 'timeout --verbose 2 ./suite.sh',
      ci: true,
      cause: /timeout: sending signal TERM to command/,
    },
    {
      id: 'timeout-kill',
      title: 'A step that ignores the first signal is killed',
      fails: ['limit.timeout', 'once'],
      files: { 'server.sh': "#!/bin/bash\ntrap '' TERM\necho listening\nwhile true; do sleep 1; done\n" },
      run: 'timeout --verbose --kill-after 1 1 ./server.sh',
      cause: /timeout: sending signal KILL to command/,
    },
    {
      id: 'timeout-passes',
      title: 'A step ends in time',
      passes: true,
      run: 'timeout --verbose 5 echo "no timeout"',
    },
  ],
};

/** ShellCheck. */
export const shellcheck: ToolScenarios = {
  tool: 'shellcheck',
  version: 'shellcheck --version | sed -n "s/^version: //p"',
  needs: ['shellcheck'],
  scenarios: [
    {
      id: 'shellcheck-quote',
      title: 'A variable without quotes',
      fails: ['lint', 'never-fixable'],
      files: { 'a.sh': '#!/bin/bash\nname=$1\nrm -rf $name\n' },
      run: 'shellcheck a.sh',
      cause: /SC2086 \(info\): Double quote to prevent globbing/,
    },
    {
      id: 'shellcheck-parse',
      title: 'A script that does not parse, with colours',
      fails: ['lint', 'never-fixable'],
      files: { 'a.sh': '#!/bin/bash\nif true; then\n  echo a\n' },
      run: 'shellcheck --color=always a.sh',
      cause: /SC1046 \(error\): Couldn't find 'fi'/,
    },
    {
      id: 'shellcheck-passes',
      title: 'Nothing to report',
      passes: true,
      files: { 'a.sh': '#!/bin/bash\necho "a"\n' },
      run: 'shellcheck --severity style a.sh && echo "a.sh: 0 errors"',
    },
  ],
};

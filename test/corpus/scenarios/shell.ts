import { httpBase } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** bash: scripts of pipelines. */
export const bash: ToolScenarios = {
  tool: 'bash',
  version: 'bash --version | head -n 1',
  needs: ['bash'],
  scenarios: [
    { id: 'bash-command', title: 'A program that is not installed', fails: ['env.toolchain', 'never-fixable'], run: 'helmfile-acme apply', ci: true, cause: /helmfile-acme: command not found/ },
    { id: 'bash-unbound', title: 'A variable that is not set', fails: ['env.config', 'never'], run: 'set -u\necho "deploying to $DEPLOY_HOST"', cause: /DEPLOY_HOST: unbound variable/ },
    { id: 'bash-required', title: 'A variable that the script requires', fails: ['env.config', 'never'], files: { 'deploy.sh': '#!/bin/bash\nset -euo pipefail\necho "checking settings"\n: "${API_TOKEN:?API_TOKEN must be set by the pipeline}"\n' }, run: './deploy.sh', cause: /API_TOKEN: API_TOKEN must be set by the pipeline/ },
    { id: 'bash-permission', title: 'A script that may not be executed', fails: ['os.permission', 'never-fixable'], files: { 'build.sh': 'echo hello\n' }, run: './build.sh', cause: /\.\/build\.sh: Permission denied/ },
    { id: 'bash-missing', title: 'A script that does not exist', fails: ['os.missing', 'never-fixable'], run: './scripts/release.sh --dry-run', cause: /\.\/scripts\/release\.sh: No such file or directory/ },
    { id: 'bash-syntax', title: 'A quote that is never closed', fails: ['code.compile', 'never-fixable'], files: { 'build.sh': '#!/bin/bash\necho "start\nif true; then\n  echo ok\n' }, run: 'bash build.sh', cause: /unexpected EOF while looking for matching/ },
    { id: 'bash-crlf', title: 'A script with Windows line ends', fails: ['container.entry', 'never-fixable'], files: { 'run.sh': '#!/usr/bin/env bash\r\necho hello\r\n' }, run: './run.sh', cause: /env: .bash\\r.: No such file or directory/ },
    { id: 'bash-exec-format', title: 'A program for another machine', fails: ['container.entry', 'never-fixable'], prepare: "printf '\\177ELF\\002\\001\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000\\002\\000\\267\\000\\001\\000\\000\\000' > agent && chmod +x agent", run: './agent', cause: /cannot execute binary file: Exec format error/ },
    { id: 'bash-killed', title: 'A step is killed for its memory', fails: ['mem.oom', 'once-elsewhere'], memoryLimitBytes: 60_000_000, needs: ['python3'], run: 'echo "indexing"\npython3 -c "x = bytearray(400_000_000)"', ci: true, cause: /Killed/ },
    { id: 'bash-segfault', title: 'A program crashes', fails: ['test.crash', 'once'], needs: ['gcc'], files: { 'a.c': 'int main(void) { int *volatile p = 0; return *p; }\n' }, prepare: 'gcc a.c -o integration-test', run: './integration-test --all', cause: /Segmentation fault/ },
    { id: 'bash-argument-list', title: 'An argument list that is too long', fails: ['os.limit', 'never-fixable'], run: 'printf -v names "file-%s.js " $(seq 400000)\n/bin/echo $names > list.txt', cause: /Argument list too long/ },
    { id: 'bash-file-size', title: 'A file larger than the limit', fails: ['os.limit', 'never-fixable'], run: 'ulimit -f 64\nhead -c 1000000 /dev/zero > image.bin', cause: /File size limit exceeded/ },
    { id: 'bash-full', title: 'The device is full', fails: ['disk.full', 'once-elsewhere'], run: 'echo "report" > /dev/full', cause: /write error: No space left on device/ },
    { id: 'bash-passes', title: 'A script that handles a failure', passes: true, files: { 'a.sh': '#!/bin/bash\nset -euo pipefail\nif ! missing-tool 2>&1; then echo "missing-tool is optional"; fi\necho "Error: 0, Warnings: 2"\n' }, run: './a.sh' },
    { id: 'bash-trace-passes', title: 'A script with tracing', passes: true, run: 'set -x\nfor i in 1 2 3; do echo "attempt $i of 3"; done\ntest -n "$HOME"' },
  ],
};

/** GNU timeout, as pipelines use it. */
export const timeout: ToolScenarios = {
  tool: 'timeout',
  version: 'timeout --version | head -n 1',
  needs: ['timeout'],
  scenarios: [
    { id: 'timeout-term', title: 'A step takes longer than it may', fails: ['limit.timeout', 'once'], files: { 'suite.sh': '#!/bin/bash\nfor i in $(seq 300); do echo "test $i passed"; done\necho "waiting for http://127.0.0.1:8080/ready"\nsleep 60\n' }, run: 'timeout --verbose 2 ./suite.sh', ci: true, cause: /timeout: sending signal TERM to command/ },
    { id: 'timeout-kill', title: 'A step that ignores the first signal is killed', fails: ['limit.timeout', 'once'], files: { 'server.sh': "#!/bin/bash\ntrap '' TERM\necho listening\nwhile true; do sleep 1; done\n" }, run: 'timeout --verbose --kill-after 1 1 ./server.sh', cause: /timeout: sending signal KILL to command/ },
    { id: 'timeout-passes', title: 'A step ends in time', passes: true, run: 'timeout --verbose 5 echo "no timeout"' },
  ],
};

/** GNU tar. */
export const tar: ToolScenarios = {
  tool: 'tar',
  version: 'tar --version | head -n 1',
  needs: ['tar', 'gzip'],
  scenarios: [
    { id: 'tar-missing', title: 'A folder that the build did not leave', fails: ['os.missing', 'never-fixable'], run: 'tar -czf dist.tgz dist', cause: /tar: dist: Cannot stat: No such file or directory/ },
    { id: 'tar-gzip', title: 'A download that is no archive', fails: ['dep.integrity', 'once'], files: { 'tool.tgz': '<html>Sign in</html>\n' }, run: 'tar -xzf tool.tgz', cause: /gzip: stdin: not in gzip format/ },
    { id: 'tar-truncated', title: 'An archive that ends early', fails: ['dep.integrity', 'once'], prepare: 'head -c 300000 /dev/urandom > a && tar -czf a.tgz a && truncate -s 100000 a.tgz && rm a', run: 'tar -xzf a.tgz', cause: /gzip: stdin: unexpected end of file/ },
    { id: 'tar-disk', title: 'The disk is full while an archive is unpacked', fails: ['disk.full', 'once-elsewhere'], smallDisk: { path: 'out', size: '64k' }, prepare: 'head -c 400000 /dev/urandom > model.bin && tar -cf model.tar model.bin', run: 'tar -xf model.tar -C out', cause: /Wrote only \d+ of \d+ bytes|No space left on device/ },
    { id: 'tar-permission', title: 'A folder that the user may not write', fails: ['os.permission', 'never-fixable'], unprivileged: true, prepare: 'echo a > a && tar -cf a.tar a', run: 'tar -xf a.tar -C /usr/local', cause: /tar: a: Cannot open: Permission denied/ },
    { id: 'tar-passes', title: 'An archive is made and listed', passes: true, prepare: 'mkdir dist && echo a > dist/error-page.html', run: 'tar -cvzf dist.tgz dist && tar -tvf dist.tgz' },
  ],
};

/** jq. */
export const jq: ToolScenarios = {
  tool: 'jq',
  version: 'jq --version',
  needs: ['jq'],
  scenarios: [
    { id: 'jq-parse', title: 'An answer that is no JSON', fails: ['code.runtime', 'never-fixable'], files: { 'response.json': '<!doctype html>\n' }, run: 'jq .version response.json', cause: /parse error: Invalid (numeric )?literal/ },
    { id: 'jq-iterate', title: 'A value of another kind than expected', fails: ['code.runtime', 'never-fixable'], files: { 'response.json': '{"items": null, "message": "Bad credentials"}\n' }, run: 'jq -r ".items[].name" response.json', cause: /Cannot iterate over null/ },
    { id: 'jq-syntax', title: 'A filter that does not parse', fails: ['code.compile', 'never-fixable'], files: { 'a.json': '{}' }, run: "jq '.a | {' a.json", cause: /syntax error, unexpected/ },
    { id: 'jq-file', title: 'A file that does not exist', fails: ['os.missing', 'never-fixable'], run: 'jq . coverage/summary.json', cause: /Could not open (file )?coverage\/summary\.json/ },
    { id: 'jq-passes', title: 'A field is read', passes: true, files: { 'a.json': '{"error": null, "version": "1.2.0"}' }, run: 'jq . a.json' },
  ],
};

/** unzip. */
export const unzip: ToolScenarios = {
  tool: 'unzip',
  version: 'unzip -v | head -n 1',
  needs: ['unzip', 'zip'],
  scenarios: [
    { id: 'unzip-not-zip', title: 'A download that is no archive', fails: ['dep.integrity', 'once'], files: { 'a.zip': '<html>502 Bad Gateway</html>\n' }, run: 'unzip a.zip', cause: /End-of-central-directory signature not found/ },
    { id: 'unzip-missing', title: 'An archive that does not exist', fails: ['os.missing', 'never-fixable'], run: 'unzip -q artifacts.zip', cause: /cannot find or open artifacts\.zip/ },
    { id: 'unzip-crc', title: 'An archive that was damaged', fails: ['dep.integrity', 'once'], prepare: "seq 1 2000 > a.txt && zip -q -0 a.zip a.txt && printf 'XX' | dd of=a.zip bs=1 seek=500 conv=notrunc status=none && rm a.txt", run: 'unzip a.zip', cause: /bad CRC/ },
    { id: 'unzip-passes', title: 'An archive is unpacked', passes: true, prepare: 'echo a > error.txt && zip -q a.zip error.txt && rm error.txt', run: 'unzip a.zip' },
  ],
};

/** ShellCheck. */
export const shellcheck: ToolScenarios = {
  tool: 'shellcheck',
  version: 'shellcheck --version | sed -n "s/^version: //p"',
  needs: ['shellcheck'],
  scenarios: [
    { id: 'shellcheck-quote', title: 'A variable without quotes', fails: ['lint', 'never-fixable'], files: { 'a.sh': '#!/bin/bash\nname=$1\nrm -rf $name\n' }, run: 'shellcheck a.sh', cause: /SC2086 \(info\): Double quote to prevent globbing/ },
    { id: 'shellcheck-parse', title: 'A script that does not parse, with colours', fails: ['lint', 'never-fixable'], files: { 'a.sh': '#!/bin/bash\nif true; then\n  echo a\n' }, run: 'shellcheck --color=always a.sh', cause: /SC1046 \(error\): Couldn't find 'fi'/ },
    { id: 'shellcheck-passes', title: 'Nothing to report', passes: true, files: { 'a.sh': '#!/bin/bash\necho "a"\n' }, run: 'shellcheck --severity style a.sh && echo "a.sh: 0 errors"' },
  ],
};

const apart = '-o Dir::Etc::SourceList=$PWD/sources.list -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$PWD/lists -o Dir::Cache=$PWD/cache -o Acquire::Retries=0';
const aptFiles = (line: string): Readonly<Record<string, string>> => ({ 'sources.list': `${line}\n`, 'lists/partial/.keep': '', 'cache/archives/partial/.keep': '' });

/** apt-get. */
export const apt: ToolScenarios = {
  tool: 'apt-get',
  version: 'apt-get --version | head -n 1',
  needs: ['apt-get'],
  scenarios: [
    { id: 'apt-locate', title: 'A package that no source has', fails: ['dep.missing', 'never-fixable'], files: aptFiles(''), run: `apt-get ${apart} install -y libacme-dev`, cause: /E: Unable to locate package libacme-dev/ },
    { id: 'apt-mirror', title: 'The mirror is down', fails: ['os.mirror', 'backoff'], files: aptFiles(`deb [trusted=yes] ${httpBase}/status/503/debian bookworm main`), run: `apt-get ${apart} -o APT::Update::Error-Mode=any update`, cause: /503 +Service Unavailable/ },
    { id: 'apt-resolve', title: 'Name resolution fails on the runner', fails: ['network.dns', 'backoff'], offline: true, files: aptFiles('deb [trusted=yes] http://deb.debian.org/debian bookworm main'), run: `apt-get ${apart} -o APT::Update::Error-Mode=any update`, cause: /Temporary failure resolving/ },
    { id: 'apt-lock', title: 'The user may not install packages', fails: ['os.permission', 'never-fixable'], unprivileged: true, run: 'apt-get install -y jq', cause: /E: Could not open lock file .* Permission denied/ },
    { id: 'apt-passes', title: 'A policy is printed', passes: true, run: 'apt-get --version' },
  ],
};

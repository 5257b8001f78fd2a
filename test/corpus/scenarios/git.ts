import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const repository = 'git init -q -b main . && git commit -q --allow-empty -m first';
const withRemote = `git init -q --bare -b main ../remote.git && ${repository} && git remote add origin ../remote.git && git push -q origin main`;
const rejected = `${withRemote} && git clone -q ../remote.git ../other && git -C ../other commit -q --allow-empty -m theirs && git -C ../other push -q origin main && git commit -q --allow-empty -m mine`;

/** git. */
export const git: ToolScenarios = {
  tool: 'git',
  version: 'git --version',
  needs: ['git'],
  scenarios: [
    {
      id: 'git-ref',
      title: 'A branch that was deleted',
      fails: ['vcs.ref', 'never'],
      prepare: withRemote,
      run: 'git fetch --no-tags origin feature/checkout',
      ci: true,
      cause: /fatal: couldn't find remote ref feature\/checkout/,
    },
    {
      id: 'git-clone-branch',
      title: 'A clone of a branch that does not exist',
      fails: ['vcs.ref', 'never'],
      prepare: withRemote,
      run: 'git clone --depth 1 --branch v9.9.9 file://$PWD/../remote.git work',
      cause: /Remote branch v9\.9\.9 not found in upstream origin/,
    },
    {
      id: 'git-checkout',
      title: 'A commit that is not in the clone',
      fails: ['vcs.ref', 'never'],
      prepare: repository,
      run: 'git checkout --force 8f14e45fceea167a5a36dedd4bea2543aaaaaaaa',
      cause: /fatal: (unable to read tree|reference is not a tree)/,
    },
    {
      id: 'git-push-rejected',
      title: 'Somebody else pushed first',
      fails: ['vcs.race', 'once'],
      prepare: rejected,
      run: 'git push origin main',
      cause: /\[rejected\] +main -> main \(fetch first\)/,
    },
    {
      id: 'git-conflict',
      title: 'A merge with a conflict',
      fails: ['vcs.conflict', 'never-fixable'],
      prepare:
        'git init -q -b main . && echo a > f && git add f && git commit -q -m a && git checkout -q -b topic && echo b > f && git commit -qam b && git checkout -q main && echo c > f && git commit -qam c',
      run: 'git merge topic',
      cause: /CONFLICT \(content\): Merge conflict in f/,
    },
    {
      id: 'git-apply',
      title: 'A patch of an agent that does not apply',
      fails: ['agent.patch', 'once'],
      prepare: `${repository} && printf 'one\\ntwo\\n' > f`,
      files: {
        'agent.patch': 'diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n one\n-three\n+four\n',
      },
      run: 'git apply agent.patch',
      cause: /error: patch failed: f:1/,
    },
    {
      id: 'git-apply-empty',
      title: 'An agent leaves an empty patch',
      fails: ['agent.patch', 'once'],
      prepare: repository,
      files: { 'agent.patch': 'I could not find the cause of the failure.\n' },
      run: 'git apply agent.patch',
      cause: /error: No valid patches in input/,
    },
    {
      id: 'git-lock',
      title: 'Another git process left its lock',
      fails: ['vcs.race', 'backoff'],
      prepare: `${repository} && touch .git/index.lock && echo a > f`,
      run: 'git add f',
      cause: /fatal: Unable to create '.*index\.lock': File exists/,
    },
    {
      id: 'git-auth',
      title: 'The server wants a password that the runner does not have',
      fails: ['auth.vcs', 'never'],
      env: { GIT_TERMINAL_PROMPT: '0' },
      run: `git clone ${httpBase}/status/401/acme/app.git`,
      cause: /fatal: could not read Username for .*: terminal prompts disabled/,
    },
    {
      id: 'git-403',
      title: 'The token lacks the right to read',
      fails: ['auth.vcs', 'never'],
      run: `git clone ${httpBase}/status/403/acme/app.git`,
      cause: /The requested URL returned error: 403/,
    },
    {
      id: 'git-rpc-502',
      title: 'The server breaks in the middle of a fetch',
      fails: ['vcs.transient', 'backoff'],
      run: `git clone ${httpBase}/git-rpc/acme/app.git`,
      cause: /error: RPC failed; HTTP 502 curl 22/,
    },
    {
      id: 'git-dns',
      title: 'The host name does not resolve',
      fails: ['network.dns', 'backoff'],
      run: 'git clone https://git.acme.invalid/acme/app.git',
      cause: /Could not resolve host: git\.acme\.invalid/,
    },
    {
      id: 'git-tls',
      title: 'The server has a certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      run: `git clone https://localhost:${ports.selfSigned}/acme/app.git`,
      cause: /server certificate verification failed/,
    },
    {
      id: 'git-empty-reply',
      title: 'The server hangs up',
      fails: ['vcs.transient', 'backoff'],
      run: `git clone http://127.0.0.1:${ports.empty}/acme/app.git`,
      cause: /Empty reply from server/,
    },
    {
      id: 'git-submodule',
      title: 'A commit of a submodule that its remote lacks',
      fails: ['vcs.ref', 'never'],
      prepare:
        'git init -q -b main ../lib && git -C ../lib commit -q --allow-empty -m lib && git init -q -b main . && git -c protocol.file.allow=always submodule --quiet add ../lib lib && git update-index --cacheinfo 160000,8f14e45fceea167a5a36dedd4bea2543aaaaaaaa,lib && git commit -q -m sub',
      run: 'git -c protocol.file.allow=always submodule update --init',
      cause: /did not contain 8f14e45fceea/,
    },
    {
      id: 'git-fetch-passes',
      title: 'A clone and a fetch',
      passes: true,
      prepare: withRemote,
      run: 'git clone --no-local ../remote.git work && git -C work fetch --tags --prune && git -C work log --oneline',
      ci: true,
    },
    {
      id: 'git-merge-passes',
      title: 'A merge without a conflict',
      passes: true,
      prepare:
        "git init -q -b main . && git commit -q --allow-empty -m a && git checkout -q -b topic && echo 'error: none' > f && git add f && git commit -qm b && git checkout -q main && git commit -q --allow-empty -m c",
      run: 'git merge --no-edit topic && git status',
    },
  ],
};

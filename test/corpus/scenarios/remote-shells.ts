import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** OpenSSH's client. */
export const ssh: ToolScenarios = {
  tool: 'ssh',
  version: 'ssh -V 2>&1',
  needs: ['ssh'],
  scenarios: [
    {
      id: 'ssh-dns',
      title: 'A host name that does not resolve',
      fails: ['network.dns', 'backoff'],
      run: 'ssh -o BatchMode=yes deploy@web1.acme.invalid uptime',
      cause: /Could not resolve hostname/,
    },
    {
      id: 'ssh-refused',
      title: 'Nothing listens',
      fails: ['network.refused', 'backoff'],
      run: `ssh -o BatchMode=yes -p ${ports.refused} deploy@127.0.0.1 uptime`,
      cause: /ssh: connect to host .* port \d+: Connection refused/,
    },
    {
      id: 'ssh-closed',
      title: 'The server closes before it says who it is',
      fails: ['network.reset', 'backoff'],
      run: `ssh -o BatchMode=yes -p ${ports.empty} deploy@127.0.0.1 uptime`,
      cause: /kex_exchange_identification: Connection closed by remote host/,
    },
    {
      id: 'ssh-banner',
      title: 'The server never says who it is',
      fails: ['network.timeout', 'backoff'],
      run: `ssh -o BatchMode=yes -o ConnectTimeout=1 -p ${ports.silent} deploy@127.0.0.1 uptime`,
      cause: /Connection timed out during banner exchange/,
    },
    {
      id: 'ssh-option',
      title: 'An option that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      run: 'ssh -o StrictHostKeysChecking=no deploy@127.0.0.1 uptime',
      cause: /Bad configuration option: stricthostkeyschecking/,
    },
    {
      id: 'ssh-passes',
      title: 'The effective configuration is printed',
      passes: true,
      run: 'ssh -G -o BatchMode=yes deploy@web1.acme.example',
    },
  ],
};

/** rsync. */
export const rsync: ToolScenarios = {
  tool: 'rsync',
  version: 'rsync --version | head -n 1',
  needs: ['rsync'],
  scenarios: [
    {
      id: 'rsync-missing',
      title: 'A source that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'rsync -a dist/ deploy/',
      cause: /change_dir .* failed: No such file or directory/,
    },
    {
      id: 'rsync-refused',
      title: 'The daemon does not listen',
      fails: ['network.refused', 'backoff'],
      files: { 'a.txt': 'a' },
      run: `rsync -a a.txt rsync://127.0.0.1:${ports.refused}/site/`,
      cause: /failed to connect to .*: Connection refused/,
    },
    {
      id: 'rsync-disk',
      title: 'The disk is full',
      fails: ['disk.full', 'once-elsewhere'],
      smallDisk: { path: 'out', size: '64k' },
      prepare: 'mkdir in && head -c 400000 /dev/urandom > in/bundle.js',
      run: 'rsync -a in/ out/',
      cause: /No space left on device/,
    },
    {
      id: 'rsync-passes',
      title: 'A copy',
      passes: true,
      prepare: 'mkdir in && echo error > in/error.log',
      run: 'rsync -av in/ out/',
    },
  ],
};

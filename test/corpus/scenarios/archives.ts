import type { ToolScenarios } from '../scenario.ts';

/** GNU tar. */
export const tar: ToolScenarios = {
  tool: 'tar',
  version: 'tar --version | head -n 1',
  needs: ['tar', 'gzip'],
  scenarios: [
    {
      id: 'tar-missing',
      title: 'A folder that the build did not leave',
      fails: ['os.missing', 'never-fixable'],
      run: 'tar -czf dist.tgz dist',
      cause: /tar: dist: Cannot stat: No such file or directory/,
    },
    {
      id: 'tar-gzip',
      title: 'A download that is no archive',
      fails: ['dep.integrity', 'once'],
      files: { 'tool.tgz': '<html>Sign in</html>\n' },
      run: 'tar -xzf tool.tgz',
      cause: /gzip: stdin: not in gzip format/,
    },
    {
      id: 'tar-truncated',
      title: 'An archive that ends early',
      fails: ['dep.integrity', 'once'],
      prepare: 'head -c 300000 /dev/urandom > a && tar -czf a.tgz a && truncate -s 100000 a.tgz && rm a',
      run: 'tar -xzf a.tgz',
      cause: /gzip: stdin: unexpected end of file/,
    },
    {
      id: 'tar-disk',
      title: 'The disk is full while an archive is unpacked',
      fails: ['disk.full', 'once-elsewhere'],
      smallDisk: { path: 'out', size: '1m' },
      prepare:
        'mkdir assets && for i in $(seq 200); do echo $i > assets/icon-$i.svg; done && head -c 4000000 /dev/urandom > assets/model.bin && for i in $(seq 200); do echo $i > assets/page-$i.html; done && tar -cf model.tar --sort=name assets',
      run: 'tar -xvf model.tar -C out',
      cause: /Wrote only \d+ of \d+ bytes|No space left on device/,
    },
    {
      id: 'tar-permission',
      title: 'A folder that the user may not write',
      fails: ['os.permission', 'never-fixable'],
      unprivileged: true,
      prepare: 'echo a > a && tar -cf a.tar a',
      run: 'tar -xf a.tar -C /usr/local',
      cause: /tar: a: Cannot open: Permission denied/,
    },
    {
      id: 'tar-passes',
      title: 'An archive is made and listed',
      passes: true,
      prepare: 'mkdir dist && echo a > dist/error-page.html',
      run: 'tar -cvzf dist.tgz dist && tar -tvf dist.tgz',
    },
  ],
};

/** unzip. */
export const unzip: ToolScenarios = {
  tool: 'unzip',
  version: 'unzip -v | head -n 1',
  needs: ['unzip', 'zip'],
  scenarios: [
    {
      id: 'unzip-not-zip',
      title: 'A download that is no archive',
      fails: ['dep.integrity', 'once'],
      files: { 'a.zip': '<html>502 Bad Gateway</html>\n' },
      run: 'unzip a.zip',
      cause: /End-of-central-directory signature not found/,
    },
    {
      id: 'unzip-missing',
      title: 'An archive that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'unzip -q artifacts.zip',
      cause: /cannot find or open artifacts\.zip/,
    },
    {
      id: 'unzip-crc',
      title: 'An archive that was damaged',
      fails: ['dep.integrity', 'once'],
      prepare:
        "seq 1 2000 > a.txt && zip -q -0 a.zip a.txt && printf 'XX' | dd of=a.zip bs=1 seek=500 conv=notrunc status=none && rm a.txt",
      run: 'unzip a.zip',
      cause: /bad CRC/,
    },
    {
      id: 'unzip-passes',
      title: 'An archive is unpacked',
      passes: true,
      prepare: 'echo a > error.txt && zip -q a.zip error.txt && rm error.txt',
      run: 'unzip a.zip',
    },
  ],
};

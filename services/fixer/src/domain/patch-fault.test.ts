import { describe, expect, it } from 'vitest';
import { patchFault, pathsOf } from './patch-fault.ts';

const allowed = ['src/', 'package.json'];
const diff = (path: string, rest = '') =>
  `diff --git a/${path} b/${path}\n${rest}--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-const a = 1;\n+const a = 2;\n`;

describe('a patch', () => {
  it('may touch what is allowed, and tells its files', () => {
    expect(patchFault(diff('src/a.ts') + diff('package.json'), allowed)).toBeUndefined();
    expect(pathsOf(diff('src/a.ts') + diff('package.json'))).toEqual(['src/a.ts', 'package.json']);
    expect(
      patchFault('--- a/src/a.ts\t2026-01-01\n+++ b/src/a.ts\t2026-01-01\n@@ -1 +1 @@\n-a\n+b\n', allowed),
    ).toBeUndefined();
  });

  it.each([
    ['a workflow', diff('.github/workflows/ci.yml'), 'no fix may touch'],
    ['a way out', diff('src/../../etc/passwd'), 'no fix may touch'],
    ['an absolute path', '--- /etc/passwd\n+++ /etc/passwd\n@@ -1 +1 @@\n-a\n+b\n', 'no fix may touch'],
    ['a second file that is off', diff('src/a.ts') + diff('Makefile'), 'Makefile'],
    ['a rename that leaves', diff('src/a.ts', 'rename from src/a.ts\nrename to hooks/a.ts\n'), 'hooks/a.ts'],
    ['a deletion of something else', '--- a/README.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n', 'README.md'],
    ['a link', diff('src/a.ts', 'new file mode 120000\n'), 'link'],
    ['binary data', `${diff('src/a.ts')}GIT binary patch\n`, 'binary'],
    ['a header with quotes', '--- "a/src/a.ts"\n+++ "b/src/a.ts"\n@@ -1 +1 @@\n-a\n+b\n', 'no fix may touch'],
    ['no change', 'here is how to fix it', 'not a unified diff'],
    ['no path', '@@ -1 +1 @@\n-a\n+b\n', 'paths'],
    ['too much', diff('src/a.ts') + 'x'.repeat(200_001), 'longer'],
  ])('is refused for %s', (_why, patch, said) => {
    expect(patchFault(patch, allowed)).toContain(said);
  });
});

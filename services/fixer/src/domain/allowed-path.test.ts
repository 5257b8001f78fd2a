import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowedPath } from './allowed-path.ts';

const list = ['package.json', 'src/', '.gitattributes', '.github/', '*.sh'];

describe('paths that a fix may touch', () => {
  it.each(['package.json', 'src/a.ts', 'src/a/b-c/d_e.test.ts', '.gitattributes', 'build.sh'])(
    '%s',
    (path) => {
      expect(isAllowedPath(path, list)).toBe(true);
    },
  );

  it.each([
    '',
    'package.json5',
    'other/package.json',
    '/src/a.ts',
    'src/',
    'src//a.ts',
    'src/../package.json',
    'src/./a.ts',
    'src/.git/config',
    '.github/workflows/ci.yml',
    'src/a b.ts',
    'src/a;b.ts',
    'src\\a.ts',
    'other/build.sh',
    '.sh',
    '.hidden.sh',
    'SRC/a.ts',
    `src/${'a'.repeat(400)}`,
  ])('not %j', (path) => {
    expect(isAllowedPath(path, list)).toBe(false);
  });

  it('never leave the repository, whatever the path', () => {
    const parts = fc.array(fc.constantFrom('..', '.', '', 'src', 'a', '.git', '/', '\\'), { maxLength: 8 });
    fc.assert(
      fc.property(parts, (path) => {
        const allowed = isAllowedPath(path.join('/'), ['src/', 'a/']);
        expect(allowed && /(?:^|\/)\.\.?(?:\/|$)|^\/|\\|\.git/.test(path.join('/'))).toBe(false);
      }),
    );
  });
});

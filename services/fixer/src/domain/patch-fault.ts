import { isAllowedPath } from './allowed-path.ts';

/** A longer patch is no fix of a failure. */
const MOST_CHARACTERS = 200_000;

/** Paths that a unified diff touches, of old and new side; undefined where a line names one in a form not known. */
export function pathsOf(diff: string): readonly string[] | undefined {
  const paths = new Set<string>();
  for (const line of diff.split(/\r?\n/)) {
    const found =
      /^(?:---|\+\+\+) (?:[ab]\/)?(?<path>[^\t]+?)(?:\t.*)?$/.exec(line) ??
      /^(?:rename|copy) (?:from|to) (?<path>.+)$/.exec(line);
    const path = found?.groups?.['path'];
    if (path !== undefined && path !== '/dev/null') paths.add(path);
    const both = line.startsWith('diff --git ')
      ? /^diff --git a\/(?<a>\S+) b\/(?<b>\S+)$/.exec(line)
      : undefined;
    if (both === null) return undefined;
    if (both?.groups !== undefined)
      [both.groups['a'], both.groups['b']].forEach((side) => paths.add(side ?? ''));
  }
  return [...paths];
}

/** Why a patch may not be proposed; undefined where it may. Paths are checked, not what it does. */
export function patchFault(diff: string, allowedPaths: readonly string[]): string | undefined {
  if (diff.length > MOST_CHARACTERS) return `it is longer than ${MOST_CHARACTERS} characters`;
  if (!/^@@ /m.test(diff)) return 'it is not a unified diff with a change';
  if (/^(?:GIT binary patch|Binary files )/m.test(diff)) return 'it holds binary data';
  if (/^(?:new (?:file )?mode|old mode) (?:120000|160000)/m.test(diff)) return 'it makes a link';
  const paths = pathsOf(diff);
  if (paths === undefined || paths.length === 0) return 'its paths cannot be read';
  const off = paths.find((path) => !isAllowedPath(path, allowedPaths));
  return off === undefined ? undefined : `it touches ${off.slice(0, 100)}, which no fix may touch`;
}

/**
 * Whether a fix may touch a file: a plain relative path that is on the allow-list itself or lies in a folder
 * (ending in `/`) that is. Never in a hidden folder, never out of the
 * repository, whatever the list says; a hidden file only where the list names it.
 */
export function isAllowedPath(path: string, allowed: readonly string[]): boolean {
  if (path.length === 0 || path.length > 300) return false;
  if (!/^[\w@.+/-]+$/.test(path)) return false;
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return false;
  if (parts.slice(0, -1).some((part) => part.startsWith('.'))) return false;
  if (allowed.includes(path)) return true;
  if (parts.at(-1)?.startsWith('.') ?? true) return false;
  return allowed.some((entry) =>
    entry.startsWith('*')
      ? parts.length === 1 && path.endsWith(entry.slice(1))
      : entry.endsWith('/') && path.startsWith(entry),
  );
}

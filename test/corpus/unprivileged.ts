/** User id that stands for an ordinary user where the runner is root ("nobody" on Linux). */
export const unprivilegedId = 65_534;

/** The command that runs a program as an ordinary user: itself where the runner already is one. */
export function asUser(file: string, args: readonly string[]): readonly [string, readonly string[]] {
  if (process.getuid?.() !== 0) return [file, args];
  const id = String(unprivilegedId);
  return ['setpriv', [`--reuid=${id}`, `--regid=${id}`, '--clear-groups', '--', file, ...args]];
}

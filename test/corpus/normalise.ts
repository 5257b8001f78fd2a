/** A text that names this machine, and what stands in its place. */
export interface Replacement {
  readonly from: string;
  readonly to: string;
}

/** Where the corpus pretends that the project, the home folder and the interpreters lie. */
export const places = {
  project: '/builds/acme/app',
  home: '/home/ci',
  temp: '/tmp/ci',
  python: '/opt/python/3.11',
} as const;

/**
 * Replaces folders and host names of this machine, the longest text first, and changes nothing else.
 * `hostName` is replaced as a whole word only where it is long enough to be unmistakable, else after an at sign.
 */
export function normaliseOutput(
  text: string,
  replacements: readonly Replacement[],
  hostName: string,
): string {
  const ordered = [...replacements].sort((a, b) => b.from.length - a.from.length);
  const replaced = ordered.reduce((current, { from, to }) => current.split(from).join(to), text);
  if (hostName === '' || hostName === 'localhost') return replaced;
  const escaped = hostName.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = hostName.length >= 6 ? `\\b${escaped}\\b` : `(?<=@)${escaped}\\b`;
  return replaced.replace(new RegExp(pattern, 'g'), 'runner');
}

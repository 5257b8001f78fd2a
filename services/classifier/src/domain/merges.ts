/** Decisions of people about groups: fingerprints that belong to another one's group. */
export interface Merges {
  readonly format: 1;
  /** From fingerprint to group; a chain is followed to its end. */
  readonly groups: Readonly<Record<string, string>>;
}

/** Longest chain of merges that is followed; a ring ends there too. */
const MAX_CHAIN = 32;

/** The group of a fingerprint after all merges. */
export function groupOf(merges: Merges, fingerprint: string): string {
  let group = fingerprint;
  for (let step = 0; step < MAX_CHAIN; step += 1) {
    const next = Object.hasOwn(merges.groups, group) ? merges.groups[group] : undefined;
    if (next === undefined || next === fingerprint) return group;
    group = next;
  }
  return group;
}

import { createHash } from 'node:crypto';
import type { Knowledge, KnowledgeBodies, KnowledgeSpecs, Snapshot } from './knowledge.ts';

/** A value as JSON with its keys in order, so that equal bodies have equal hashes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : part,
  );
}

/** A body as a snapshot, with the SHA-256 of its canonical JSON. */
export const snapshotOf = <Body>(version: string, body: Body): Snapshot<Body> => ({
  version,
  sha256: createHash('sha256').update(canonicalJson(body)).digest('hex'),
  body,
});

/** What ships with a stage, as the snapshots that it decides with where nothing else is stored. */
export function baselineSnapshots<Bodies extends KnowledgeBodies>(
  specs: KnowledgeSpecs<Bodies>,
): Knowledge<Bodies> {
  const snapshots = Object.entries(specs).map(([kind, spec]) => {
    const { baseline } = spec as { readonly baseline: unknown };
    return [kind, snapshotOf('baseline', baseline)];
  });
  return Object.fromEntries(snapshots) as Knowledge<Bodies>;
}

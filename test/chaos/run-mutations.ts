import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChaosOptions } from './chaos-options.ts';
import { mutate, mutationNames, mutations, type MutationName } from './mutations.ts';
import { runChaos } from './run-chaos.ts';
import { buildTree, copyTree } from './tree-copy.ts';
import type { ChaosResult } from './verify-run.ts';

/** What became of one mutation. */
export interface MutationResult {
  readonly name: MutationName;
  readonly what: string;
  /** Whether an invariant or a class of effects was violated; that a run did not settle is not enough. */
  readonly caught: boolean;
  /** Violations by invariant. */
  readonly by: Readonly<Record<string, number>>;
  readonly seed: number;
}

/** A line without a guarantee may never settle, and what it broke stands there before. */
const SETTLE_MS = 75_000;

/** What shows that a run was disturbed, but not that a guarantee is broken. */
const notProof: ReadonlySet<string> = new Set(['contained', 'recovery', 'memory', 'dumpsWhole']);

/** Breaks guarantees one by one in a copy of the tree, puts each under fire, and tells which were seen. */
export async function runMutations(
  options: ChaosOptions,
  root: string,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly MutationResult[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'faultline-mutants-'));
  const names = options.mutate === 'all' || options.mutate === undefined ? mutationNames : [options.mutate];
  const results: MutationResult[] = [];
  try {
    const tree = path.join(folder, 'tree');
    await copyTree(root, tree);
    for (const name of names) {
      const mutation = mutations[name];
      log(`— ${name}: ${mutation.what}`);
      const takeBack = await mutate(tree, mutation);
      try {
        await buildTree(tree);
        const { faults, minutes } = mutation;
        const keep = options.keep === undefined ? undefined : path.join(options.keep, name);
        const result = await runChaos(
          { ...options, faults, minutes, keep, settleMs: SETTLE_MS },
          tree,
          log,
          signal,
        );
        const by = violationsOf(result);
        results.push({
          name,
          what: mutation.what,
          caught: Object.keys(by).length > 0,
          by,
          seed: options.seed,
        });
        log(`${name}: ${JSON.stringify(by)}`);
      } finally {
        await takeBack();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return results;
}

function violationsOf({ invariants, effects }: ChaosResult): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries({ ...invariants, ...effects })
      .filter(([name, { violations }]) => violations > 0 && !notProof.has(name))
      .map(([name, { violations }]) => [name, violations]),
  );
}

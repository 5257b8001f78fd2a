/** `npm run chaos -- [options]`: faults from a seed against a line of its own, then proof. One JSON object at the end. */
import { parseOptions, usage, UsageError, type ChaosOptions } from '../test/chaos/chaos-options.ts';
import { runChaos } from '../test/chaos/run-chaos.ts';
import { runMutations } from '../test/chaos/run-mutations.ts';
import { buildTree } from '../test/chaos/tree-copy.ts';
import { complaints, verifyRun, type ChaosResult } from '../test/chaos/verify-run.ts';
import { repositoryRoot } from './native/index.mjs';

const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => abort.abort(new Error(`${name}: the run is given up`)));
}

async function runAll(options: ChaosOptions): Promise<void> {
  if (options.mutate !== undefined) {
    const results = await runMutations(options, repositoryRoot, log, abort.signal);
    const ok = results.every(({ caught }) => caught);
    process.stdout.write(`${JSON.stringify({ v: 1, mutations: results, ok })}\n`);
    process.exitCode = ok ? 0 : 1;
    return;
  }
  const result = await run(options);
  complaints(result).forEach(log);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? 0 : 1;
}

async function run(options: ChaosOptions): Promise<ChaosResult> {
  if (options.verify !== undefined) return verifyRun(options.verify);
  if (options.tree === undefined) await buildTree(repositoryRoot);
  return runChaos(options, options.tree ?? repositoryRoot, log, abort.signal);
}

try {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`);
  } else {
    await runAll(parseOptions(args));
  }
} catch (error) {
  const wrongUse = error instanceof UsageError;
  log(
    wrongUse ? `${error.message}\n\n${usage}` : error instanceof Error ? (error.stack ?? '') : String(error),
  );
  process.exitCode = wrongUse ? 2 : 3;
}
// what a failed start left open must not keep the process
setTimeout(() => process.exit(), 2_000).unref();

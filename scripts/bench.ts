/** `npm run bench -- NAME`: runs one benchmark and prints its figures as one JSON object. */
import type { BenchResult } from './bench/result.ts';

const benches: Readonly<
  Record<string, () => Promise<{ readonly run: (argv: readonly string[]) => Promise<BenchResult> }>>
> = {
  line: async () => import('./bench/line.ts'),
  classify: async () => import('./bench/classify.ts'),
  sink: async () => import('./bench/sink.ts'),
  queries: async () => import('./bench/queries.ts'),
};

const [name = '', ...argv] = process.argv.slice(2);
const load = benches[name];
if (load === undefined) {
  console.error(`usage: npm run bench -- NAME; NAME is one of ${Object.keys(benches).join(', ')}`);
  process.exitCode = 2;
} else {
  const { run } = await load();
  const result = await run(argv);
  console.log(JSON.stringify({ v: 1, ...result }));
}

import { runAll } from './edge/run-all.ts';

await runAll(process.env);

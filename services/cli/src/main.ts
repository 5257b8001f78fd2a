import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from './program.ts';

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (abort.signal.aborted) process.exit(130); // asked twice
    abort.abort();
  });
}
process.stdout.on('error', () => process.exit(0)); // whoever read it has gone, as `| head` does

await runProgram(
  {
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: Date.now,
    newId: randomUUID,
    signal: abort.signal,
    exit: (code) => {
      process.exitCode = code;
    },
  },
  process.argv.slice(2),
  { folder: path.dirname(fileURLToPath(import.meta.url)) },
);

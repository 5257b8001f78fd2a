import { PassThrough, Readable } from 'node:stream';
import type { CliContext } from '../cli-context.ts';
import { runProgram } from '../program.ts';

/** What a command printed and how it ended. */
export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output as JSON, where it is. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** Runs a command line in this process, with nothing of the environment unless given. */
export async function runCli(
  args: readonly string[],
  given: Partial<Pick<CliContext, 'env' | 'cwd' | 'signal' | 'now'>> & { readonly stdin?: string } = {},
): Promise<CliRun> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const printed = { stdout: '', stderr: '' };
  stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString('utf8')));
  stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString('utf8')));
  let code = 0;
  let ids = 0;
  await runProgram(
    {
      env: given.env ?? {},
      cwd: given.cwd ?? '/',
      stdin: Readable.from(given.stdin === undefined ? [] : [given.stdin]),
      stdout,
      stderr,
      now: given.now ?? (() => 1_750_000_000_000),
      newId: () => {
        ids += 1;
        return `id-${process.pid}-${ids}`;
      },
      signal: given.signal ?? new AbortController().signal,
      exit: (to) => {
        code = to;
      },
    },
    args,
    { folder: import.meta.dirname },
  );
  await new Promise((resolve) => setImmediate(resolve));
  return { code, ...printed, json: lastJson(printed.stdout) };
}

function lastJson(stdout: string): CliRun['json'] {
  try {
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as CliRun['json'];
  } catch {
    return undefined;
  }
}

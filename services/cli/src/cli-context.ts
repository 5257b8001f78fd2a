import type { Readable, Writable } from 'node:stream';

/** Everything that a command takes from outside, so that tests can give it. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly now: () => number;
  readonly newId: () => string;
  /** Fires when the user interrupts; long commands then end in order. */
  readonly signal: AbortSignal;
  /** Sets the exit code of the process. */
  readonly exit: (code: number) => void;
}

/** Prints the one JSON object that a command ends with, as the last line of standard output. */
export function printJson(context: CliContext, value: object): void {
  context.stdout.write(`${JSON.stringify({ v: 1, ...value })}\n`);
}

/** Prints a line for people: to standard error, so that standard output stays for what programs read. */
export function tell(context: CliContext, line: string): void {
  context.stderr.write(`${line}\n`);
}

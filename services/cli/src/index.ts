export { createProgram, runProgram } from './program.ts';
export type { CliContext } from './cli-context.ts';

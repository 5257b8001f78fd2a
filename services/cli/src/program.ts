import { Command } from 'commander';
import { Fault } from '@faultline/stream';
import type { CliContext } from './cli-context.ts';
import { printJson, tell } from './cli-context.ts';
import { exitCodeOf, exitCodes } from './exit-code.ts';
import { analyseCommands } from './commands/analyse.ts';
import { historyCommands } from './commands/history.ts';
import { provisionCommand } from './commands/provision.ts';
import { redriveCommand } from './commands/redrive.ts';
import { replayCommand } from './commands/replay.ts';
import { repositoryCommands } from './commands/repository.ts';
import { sendCommand } from './commands/send.ts';
import { tailCommand } from './commands/tail.ts';
import { traceCommands } from './commands/trace.ts';
import { wrapCommand } from './commands/wrap.ts';

/** Folder of this package, from which the repository is found. */
export interface ProgramOptions {
  readonly folder: string;
}

/** The command `faultline`. */
export function createProgram(context: CliContext, { folder }: ProgramOptions): Command {
  const program = new Command('faultline')
    .description('errors of CI/CD pipelines, each driven to an end')
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what can be given)')
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  sendCommand(program, context);
  wrapCommand(program, context);
  tailCommand(program, context);
  traceCommands(program, context);
  analyseCommands(program, context);
  provisionCommand(program, context);
  replayCommand(program, context);
  redriveCommand(program, context);
  historyCommands(program, context);
  repositoryCommands(program, context, folder);
  for (const command of withInner(program)) {
    command.exitOverride().configureOutput(program.configureOutput());
  }
  return program;
}

const withInner = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(withInner)];

/** Runs a command line; every failure has an exit code, and a remedy on standard error. */
export async function runProgram(
  context: CliContext,
  args: readonly string[],
  options: ProgramOptions,
): Promise<void> {
  try {
    await createProgram(context, options).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (isCommanderError(error)) {
      context.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.wrongInput);
      return;
    }
    const code = error instanceof Fault ? error.code : 'FAILED';
    const message = error instanceof Error ? error.message : String(error);
    const remedy = error instanceof Fault ? error.remedy : undefined;
    tell(context, `faultline: ${message}${remedy === undefined ? '' : `\n  ${remedy}`}`);
    if (args.includes('--json')) {
      printJson(context, { error: { code, message, ...(remedy === undefined ? {} : { remedy }) } });
    }
    context.exit(exitCodeOf(error));
  }
}

const isCommanderError = (error: unknown): error is { readonly exitCode: number } =>
  error instanceof Error &&
  'exitCode' in error &&
  'code' in error &&
  String(error.code).startsWith('commander.');

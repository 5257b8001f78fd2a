import { Failure, describeFailure, exitCodes } from '../native/failure.mjs';
import { parseArguments, renderHelp } from './arguments.mjs';

/**
 * Runs a command: `--help` on standard output, the answer's exit code, a failure on standard error
 * with its remedy.
 *
 * @param {{
 *   usage: string,
 *   options: Readonly<Record<string, import('./arguments.mjs').OptionSpec>>,
 *   run: (options: Record<string, any>) => Promise<keyof typeof exitCodes>,
 * }} command
 */
export async function runCommand(command) {
  const specs = { ...command.options, help: /** @type {const} */ ({ kind: 'flag', help: 'print this' }) };
  try {
    const options = parseArguments(process.argv.slice(2), specs);
    if (options.help === true) {
      process.stdout.write(`${renderHelp(command.usage, specs)}\n`);
      return;
    }
    process.exitCode = exitCodes[await command.run(options)];
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = error instanceof Failure ? exitCodes[error.code] : exitCodes.failed;
  }
}

/** One JSON object as the last line of standard output. @param {object} value */
export function printJson(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

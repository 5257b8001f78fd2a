import { logLevels, type LogLevel } from '../settings/options.ts';

/** Takes one line of the log. */
export type Log = (
  level: Exclude<LogLevel, 'silent'>,
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

/** A log on standard error, one JSON object a line, from a level on. */
export function createLog(
  least: LogLevel,
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const from = logLevels.indexOf(least);
  return (level, message, fields) => {
    if (logLevels.indexOf(level) < from) return;
    const time = new Date().toISOString();
    write(`${JSON.stringify({ level, time, name: 'faultline', message, ...fields })}\n`);
  };
}

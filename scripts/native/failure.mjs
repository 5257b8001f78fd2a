import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * A failure with what to do about it: `remedy` is one sentence for a person, `logFile` the file
 * that holds the details, `code` one of the codes of COMMANDS (see exitCodes).
 */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {{ remedy?: string, logFile?: string, code?: keyof typeof exitCodes, cause?: unknown }} [options]
   */
  constructor(message, options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.remedy = options.remedy;
    this.logFile = options.logFile;
    this.code = options.code ?? 'failed';
  }
}

/** Exit codes of every command. */
export const exitCodes = /** @type {const} */ ({
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
});

/**
 * A failure as lines for a person: the message, the last lines of its log, the log's name, the remedy.
 *
 * @param {unknown} error
 */
export function describeFailure(error) {
  if (!(error instanceof Failure)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const lines = [error.message];
  if (error.logFile !== undefined) {
    for (const line of tail(error.logFile, 8)) lines.push(`  | ${line}`);
    lines.push(`  log: ${error.logFile}`);
  }
  if (error.remedy !== undefined) lines.push(`  remedy: ${error.remedy}`);
  return lines.join('\n');
}

/**
 * The last lines of a file, at most 8 KiB; none when it cannot be read.
 *
 * @param {string} file
 * @param {number} count
 */
export function tail(file, count) {
  const limit = 8192;
  let descriptor;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, limit);
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, size - length);
    return buffer.toString('utf8').split('\n').filter(Boolean).slice(-count);
  } catch {
    return [];
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

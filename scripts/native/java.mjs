import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The java to use: that of JAVA_HOME, else the one on the PATH. */
export function javaCommand(env = process.env) {
  const fromHome = env.JAVA_HOME ? path.join(env.JAVA_HOME, 'bin', 'java') : undefined;
  return fromHome !== undefined && existsSync(fromHome) ? fromHome : 'java';
}

/**
 * The major version in what `java -version` prints ("1.8.0" counts as 8), undefined if it is none.
 *
 * @param {string} text
 */
export function parseJavaVersion(text) {
  const match = /version "(\d+)(?:\.(\d+))?/.exec(text);
  if (match === null) return undefined;
  return match[1] === '1' ? Number(match[2]) : Number(match[1]);
}

/** The major version of the machine's Java, or undefined when there is none. */
export async function javaVersion() {
  try {
    const { stdout, stderr } = await run(javaCommand(), ['-version'], { timeout: 20_000 });
    return parseJavaVersion(stderr + stdout);
  } catch {
    return undefined;
  }
}

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../native/failure.mjs';

/**
 * Runs the provisioning (topics, schemas, migrations) and returns the JSON of its last line.
 *
 * @param {{ script: string, env: NodeJS.ProcessEnv, logDir: string, signal?: AbortSignal, timeoutMs?: number }} options
 * @returns {Promise<Record<string, unknown>>}
 */
export async function provision({ script, env, logDir, signal, timeoutMs = 120_000 }) {
  const logFile = path.join(logDir, 'provision.log');
  const { error, stdout, stderr } = await new Promise((resolve) => {
    execFile(
      process.execPath,
      [script],
      { env, timeout: timeoutMs, maxBuffer: 16 * 1024 * 1024, ...(signal === undefined ? {} : { signal }) },
      (failure, out, err) => resolve({ error: failure, stdout: out, stderr: err }),
    );
  });
  await writeFile(logFile, stderr + stdout);
  signal?.throwIfAborted();
  if (error !== null) {
    throw new Failure('topics, schemas or migrations could not be provisioned', {
      logFile,
      remedy:
        'the log names the step; an incompatible schema: give the field a default; data of another version: another --data DIR',
      cause: error,
    });
  }
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch (cause) {
    throw new Failure('the provisioning ended well but printed no JSON', { logFile, cause });
  }
}

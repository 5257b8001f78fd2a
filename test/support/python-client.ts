import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What the environment of the Python client consists of; another list makes another environment. */
const packages = ['confluent-kafka==2.6.1', 'fastavro==1.9.7'] as const;
const name = 'python-confluent-2.6.1-fastavro-1.9.7';

/** Runs a command; rejects with what it printed where it fails. */
async function run(command: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${err}\n${out}`);
  return out;
}

/**
 * Path of a Python with confluent-kafka (librdkafka) and fastavro: clients that are not ours. Made once in the
 * user's cache folder, and finished only when its mark stands.
 */
export async function pythonClient(): Promise<string> {
  const cache = process.env['FAULTLINE_CACHE'] ?? join(homedir(), '.cache', 'faultline');
  const directory = join(cache, name);
  const python = join(directory, 'bin', 'python');
  const mark = join(directory, 'complete');
  if (!existsSync(mark)) {
    mkdirSync(cache, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', directory]);
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
    writeFileSync(mark, packages.join('\n'));
  }
  return python;
}

/** Runs a Python script with the client; gives the JSON that its last line holds. */
export async function runPython(script: string, args: readonly string[], input = ''): Promise<unknown> {
  const out = await run(await pythonClient(), [script, ...args], input);
  return JSON.parse(out.trim().split('\n').at(-1) ?? 'null');
}

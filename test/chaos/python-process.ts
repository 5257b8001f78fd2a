import { spawn } from 'node:child_process';

/** What a Python script came to. */
export interface PythonResult {
  readonly code: number | null;
  readonly out: string;
}

/** A Python script that runs until its input ends. */
export interface PythonProcess {
  readonly end: () => Promise<PythonResult>;
  readonly kill: () => void;
}

/** Starts a script of this folder; its errors go to ours. */
export function startPython(python: string, script: string, args: readonly string[]): PythonProcess {
  const child = spawn(python, [new URL(script, import.meta.url).pathname, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  const done = new Promise<PythonResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out }));
  });
  return {
    end: async () => {
      child.stdin.end();
      return done;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

/** Runs a script of this folder to its end. */
export const runPythonScript = async (
  python: string,
  script: string,
  args: readonly string[],
): Promise<PythonResult> => startPython(python, script, args).end();

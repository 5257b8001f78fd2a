import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const MAX_UNPACKED_BYTES = 1 << 30;

/** The JSON objects of a .jsonl file, or of a .zst one where the program zstd is installed. */
export function readRecords(path: string): readonly Readonly<Record<string, unknown>>[] {
  const text = path.endsWith('.zst') ? unpack(path) : readFileSync(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

function unpack(path: string): string {
  try {
    return execFileSync('zstd', ['-dcq', '--long=27', path], {
      encoding: 'utf8',
      maxBuffer: MAX_UNPACKED_BYTES,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(`${path} is packed and the program zstd is not installed; unpack it first`, {
        cause: error,
      });
    }
    throw error;
  }
}

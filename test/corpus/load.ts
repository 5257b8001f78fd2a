import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Label } from './scenario.ts';

/** One line of `data/index.ndjson`. */
export interface CorpusEntry {
  readonly id: string;
  readonly kind: 'failure' | 'passing';
  readonly tool: string;
  readonly toolVersion: string;
  readonly title: string;
  readonly command: string;
  readonly exitCode: number;
  readonly signal: string | null;
  /** Null for a passing run. */
  readonly label: Label | null;
  /** The line that tells the cause, without colours; null for a passing run. */
  readonly message: string | null;
  /** Index of that line in the log, from 0, lines ending at `\r\n`, `\n` or a lone `\r`. */
  readonly messageLine: number | null;
  readonly lines: number;
  /** Path of the log below `data/`. */
  readonly path: string;
}

/** An entry with what the tool printed, standard output and standard error as they came. */
export interface CorpusItem extends CorpusEntry {
  readonly output: string;
}

/** Folder of the committed corpus. */
export const dataFolder = fileURLToPath(new URL('./data/', import.meta.url));

/** Reads the index of the committed corpus. */
export function loadIndex(folder: string = dataFolder): readonly CorpusEntry[] {
  return readFileSync(`${folder}index.ndjson`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CorpusEntry);
}

/** Reads the whole committed corpus, in the order of its index. */
export function loadCorpus(folder: string = dataFolder): readonly CorpusItem[] {
  return loadIndex(folder).map((entry) => ({
    ...entry,
    output: readFileSync(`${folder}${entry.path}`, 'utf8'),
  }));
}

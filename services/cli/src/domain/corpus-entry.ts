import { readFileSync } from 'node:fs';
import path from 'node:path';
import { wrongInput } from '../exit-code.ts';

/** One run of the corpus: a line of its `index.ndjson`, with what the tool printed. */
export interface CorpusEntry {
  readonly id: string;
  readonly kind: 'failure' | 'passing';
  readonly tool: string;
  readonly title: string;
  readonly command: string;
  readonly exitCode: number;
  readonly signal: string | null;
  readonly label: { readonly category: string; readonly retryClass: string } | null;
  readonly message: string | null;
  /** Path of the log below the folder. */
  readonly path: string;
  readonly output: string;
}

/** Reads a corpus: `index.ndjson` and the logs that it names. Throws where there is none. */
export function readCorpus(folder: string): readonly CorpusEntry[] {
  const index = path.join(folder, 'index.ndjson');
  let lines: readonly string[];
  try {
    lines = readFileSync(index, 'utf8').split('\n');
  } catch {
    throw wrongInput(`there is no corpus in ${folder}`, 'name a folder with an index.ndjson by --corpus');
  }
  const entries = lines.flatMap((line, number): CorpusEntry[] => {
    if (line.trim() === '') return [];
    const entry = parseLine(line, index, number + 1);
    return [{ ...entry, output: readFileSync(path.join(folder, entry.path), 'utf8') }];
  });
  if (entries.length === 0) throw wrongInput(`${index} is empty`, 'name a folder with a corpus by --corpus');
  return entries;
}

function parseLine(line: string, index: string, number: number): Omit<CorpusEntry, 'output'> {
  try {
    const entry = JSON.parse(line) as Omit<CorpusEntry, 'output'>;
    if (typeof entry.id === 'string' && typeof entry.path === 'string') return entry;
  } catch {
    // told below
  }
  throw wrongInput(`line ${number} of ${index} is no entry of a corpus`, 'record the corpus again');
}

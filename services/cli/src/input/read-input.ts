import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { wrongInput } from '../exit-code.ts';
import type { CliContext } from '../cli-context.ts';

/** A text that was given, and where it came from. */
export interface GivenText {
  readonly text: string;
  /** Name of the file; undefined for standard input and for text on the command line. */
  readonly file: string | undefined;
}

/** Bytes of an input at most; longer logs are cut by whoever made them. */
const MAX_BYTES = 64 * 1_048_576;

/** Reads `input`: a file where one has that name, `-` or nothing for standard input, else the text itself. */
export async function readInput(context: CliContext, input: string | undefined): Promise<GivenText> {
  if (input === undefined || input === '-') {
    if (input === undefined && context.stdin.isTTY === true) {
      throw wrongInput('nothing was given', 'give a text or a file, or pipe something in');
    }
    return { text: await readAll(context), file: undefined };
  }
  const file = path.resolve(context.cwd, input);
  if (input.length < 4_096 && existsSync(file) && statSync(file).isFile()) return readFile(file);
  return { text: input, file: undefined };
}

/** Reads a file that must be there; `-` is standard input. */
export async function readFileInput(context: CliContext, name: string): Promise<GivenText> {
  if (name === '-') return { text: await readAll(context), file: undefined };
  return readFile(path.resolve(context.cwd, name));
}

/** Bytes of a file that must be there; `-` is standard input. */
export async function readBytes(context: CliContext, name: string): Promise<Buffer> {
  if (name === '-') return readStdin(context);
  const file = path.resolve(context.cwd, name);
  checkFile(file);
  return readFileSync(file);
}

function readFile(file: string): GivenText {
  checkFile(file);
  return { text: readFileSync(file, 'utf8'), file };
}

function checkFile(file: string): void {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw wrongInput(`there is no file ${file}`, 'name a file, or - for standard input');
  }
  if (statSync(file).size > MAX_BYTES) {
    throw wrongInput(`${file} has more than ${MAX_BYTES} bytes`, 'give the part of it that matters');
  }
}

const readAll = async (context: CliContext): Promise<string> => (await readStdin(context)).toString('utf8');

async function readStdin({ stdin }: CliContext): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += buffer.length;
    if (bytes > MAX_BYTES)
      throw wrongInput(`standard input has more than ${MAX_BYTES} bytes`, 'give the part that matters');
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

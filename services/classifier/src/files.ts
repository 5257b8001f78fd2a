import type { Fingerprint } from '@faultline/schemas';
import { classifyText, type Classified, type ClassifyOptions } from './classify-text.ts';
import { createRedactor, type Redacted, type RedactOptions } from './domain/redact/redactor.ts';

/** Bytes above this are not a text: share of NUL and other control bytes among the first ones. */
const BINARY_SHARE = 0.3;
const PROBE_BYTES = 8192;

/** What a file came to. */
export interface ClassifiedFile extends Classified {
  /** Whether the bytes look like no text at all; they are read all the same. */
  readonly binary: boolean;
  readonly bytes: number;
  readonly lines: number;
}

/** What the stage would decide on the bytes of a log: invalid UTF-8 is replaced, never refused. */
export function classifyFile(input: string | Uint8Array, options: ClassifyOptions = {}): ClassifiedFile {
  const text = decode(input);
  return {
    ...classifyText(text, options),
    binary: looksBinary(text),
    bytes: typeof input === 'string' ? Buffer.byteLength(input) : input.byteLength,
    lines: lineCount(text),
  };
}

/** The identity of the failure in a log, with what it was made of. */
export function fingerprintText(
  input: string | Uint8Array,
  options: ClassifyOptions = {},
): { readonly fingerprint: Fingerprint; readonly title: string; readonly exceptionType: string | null } {
  const { classification } = classifyText(decode(input), options);
  const { fingerprint, title, exceptionType } = classification;
  return { fingerprint, title, exceptionType };
}

/** The text without escapes and secrets, and how many of each kind were found. */
export function redactText(input: string | Uint8Array, options: RedactOptions = {}): Redacted {
  return createRedactor(options).report(decode(input));
}

const decode = (input: string | Uint8Array): string =>
  typeof input === 'string' ? input : new TextDecoder('utf-8', { ignoreBOM: false }).decode(input);

function looksBinary(text: string): boolean {
  const probe = text.slice(0, PROBE_BYTES);
  let strange = 0;
  for (let at = 0; at < probe.length; at += 1) {
    const code = probe.charCodeAt(at);
    if (
      code === 0 ||
      code === 0xfffd ||
      (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d && code !== 0x1b)
    )
      strange += 1;
  }
  return probe.length > 0 && strange / probe.length > BINARY_SHARE;
}

function lineCount(text: string): number {
  if (text === '') return 0;
  return text.split(/\r\n|\n|\r/).length - (/[\r\n]$/.test(text) ? 1 : 0);
}

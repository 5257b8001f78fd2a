import type { ModelInput } from './model-input.ts';

/** Buckets that features are hashed into: 2^13. */
export const FEATURE_BUCKETS = 8192;

/** Called for each feature: its bucket, and its name for explanations. */
export type OnFeature = (bucket: number, name: string) => void;

const word = /[A-Za-z][A-Za-z]{1,30}|[A-Z]{2,}|\d{3}\b/g;
const MAX_LINE_UNITS = 240;
const CHARACTERS = 4;

/** Words and pairs of words, character 4-grams of the first line, exit code, signal, tool, exception. */
export function modelFeatures(input: ModelInput, onFeature: OnFeature): void {
  const seen = new Set<number>();
  const add = (name: string): void => {
    const bucket = bucketOfFeature(name);
    if (seen.has(bucket)) return;
    seen.add(bucket);
    onFeature(bucket, name);
  };
  input.lines.forEach((line, index) => {
    const words = (line.slice(0, MAX_LINE_UNITS).match(word) ?? []).map((one) => one.toLowerCase());
    words.forEach((one, at) => {
      add(`w:${one}`);
      const next = words[at + 1];
      if (next !== undefined) add(`p:${one} ${next}`);
    });
    if (index > 0) return;
    const letters = words.join(' ');
    for (let at = 0; at + CHARACTERS <= letters.length && at < MAX_LINE_UNITS; at += 1)
      add(`c:${letters.slice(at, at + CHARACTERS)}`);
  });
  if (input.exitCode !== null) add(`exit:${input.exitCode}`);
  if (input.signal !== null) add(`signal:${input.signal}`);
  if (input.tool !== null) add(`tool:${input.tool.toLowerCase().slice(0, 40)}`);
  if (input.exceptionType !== null) add(`type:${input.exceptionType.split(/[.:\n]/).at(-1) ?? ''}`);
}

/** FNV-1a, 32 bits, folded to the number of buckets. */
function bucketOfFeature(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % FEATURE_BUCKETS;
}

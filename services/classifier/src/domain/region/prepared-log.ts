import { cleanLine } from '../text/clean-line.ts';
import { splitLines } from '../text/split-lines.ts';
import { holdsEscapes } from '../text/strip-escapes.ts';
import { countCues, cues } from './cues.ts';

/** A log, read once: what everything else works on. */
export interface PreparedLog {
  /** Lines as they came. */
  readonly raw: readonly string[];
  /** Lines without escapes, timestamps and white space at their ends. */
  readonly clean: readonly string[];
  /** Cue counts: `cues.length` numbers for each line. */
  readonly counts: Uint8Array;
  /** How often the shape of each line occurs in the log. */
  readonly frequency: Uint32Array;
  /** Line that wraps the failure up, or the number of lines where none does. */
  readonly exit: number;
  /** Line with which the section of the failure begins. */
  readonly sectionStart: number;
}

/** Lines with which a step or section begins: folds of CI systems and echoed commands. */
const sectionLine =
  /^(?:travis_fold:start|##\[(?:group|section|command)\]|::group::|section_start:|\$ \S|\+ \S|Step \d{1,4}\/\d{1,4} :|> \S+@\S+ |\[Pipeline\] |Run \S)/;

/** First characters of section lines, so that the expression is tried on few lines. */
const sectionStarts = new Uint8Array(65_536);
for (const unit of 't#:s$+S>[R') sectionStarts[unit.charCodeAt(0)] = 1;

/** Lines that say that a step ended with an error, whatever the system. */
const exitLine =
  /(?:^The command .{1,2000} (?:exited with [1-9]|failed)|^(?:##\[error\])?(?:Error: )?Process completed with exit code [1-9]|^ERROR: Job failed|^Finished: (?:FAILURE|UNSTABLE|ABORTED)|^Build step .{1,200} marked build as failure|script returned exit code [1-9]|^Cleaning up project directory|exited with (?:code|status) [1-9]\d{0,2}\.?$|^Command exited with|^##\[error\].{0,120}(?:exited|failed) with|^Exited with code [1-9]|^Your build exited with [1-9]|^Done\. Your build exited with [1-9])/;

/** Reads a log: one pass for the lines, one for their shapes. Linear in its length. */
export function prepareLog(text: string): PreparedLog {
  const raw = splitLines(text);
  const bare = !holdsEscapes(text);
  const clean = new Array<string>(raw.length);
  const counts = new Uint8Array(raw.length * cues.length);
  const shapes = new Map<number, number>();
  const shapeOf = new Uint32Array(raw.length);
  let exit = raw.length;
  let section = 0;
  let sectionStart = 0;
  for (let line = 0; line < raw.length; line += 1) {
    const cleaned = cleanLine(raw[line] as string, bare);
    clean[line] = cleaned;
    const shape = shapeHash(cleaned);
    shapeOf[line] = shape;
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
    if (cleaned === '') continue;
    countCues(cleaned, counts, line * cues.length);
    if (sectionStarts[cleaned.charCodeAt(0)] === 1 && sectionLine.test(cleaned)) section = line;
    if (
      exit === raw.length &&
      (counts[line * cues.length + exitCue] as number) > 0 &&
      exitLine.test(cleaned)
    ) {
      exit = line;
      sectionStart = section;
    }
  }
  if (exit === raw.length) sectionStart = section;
  const frequency = shapeOf.map((shape) => shapes.get(shape) as number);
  return { raw, clean, counts, frequency, exit, sectionStart };
}

const exitCue = cues.indexOf('exit');

/** FNV-1a over a line without digits and hex digits behind a digit: the same for lines that differ in numbers. */
function shapeHash(line: string): number {
  let hash = 0x811c9dc5;
  const end = Math.min(line.length, 120);
  let inNumber = false;
  for (let at = 0; at < end; at += 1) {
    const code = line.charCodeAt(at);
    const digit = code >= 0x30 && code <= 0x39;
    if (digit || (inNumber && ((code >= 0x61 && code <= 0x66) || code === 0x2e))) {
      inNumber = true;
      continue;
    }
    inNumber = false;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash >>> 0;
}

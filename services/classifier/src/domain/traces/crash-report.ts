import { crashHeadline, type CrashHeadline } from './crash-headlines.ts';
import { isIgnoredFrame } from './ignored-frames.ts';
import { frameOf, functionName, type RawFrame } from './native-frames.ts';

/** A crash as sanitizers, fuzzers and kernels report it: its kind, and what tells it from others of its kind. */
export interface CrashReport {
  readonly type: string;
  /** What was said, and the top frames of the program: at most three lines, innermost first. */
  readonly state: readonly string[];
  readonly frames: readonly RawFrame[];
  readonly headline: CrashHeadline;
}

/** What the caller knows of the run. */
export interface CrashContext {
  /** Name of the fuzz target, which stands for the state where a crash has no frames of its own. */
  readonly fuzzTarget?: string;
  /** Whether running out of time or memory counts as a crash; true where absent. */
  readonly reportLimits?: boolean;
}

const STATE_LINES = 3;
/** Lines in a row that may stand between two frames; a kernel prints its registers between the first and the rest. */
const STACK_GAP = 4;
const KERNEL_GAP = 30;
const LINE_UNITS = 80;
/** How many lines of a report are looked at for frames. */
const MAX_LINES = 4000;

const entryPoint = /^(?:LLVMFuzzerTestOneInput|_?LLVMFuzzerTestOneInput\w*)$/;
const stackEnd =
  /^(?:freed by thread|previously allocated by|allocated by thread|Thread T\d|Uninitialized value was|Memory state around|Shadow bytes|SUMMARY: |0x[0-9a-f]+ is located|Address 0x|HINT: )/;

/** Reads a crash report; undefined where the lines hold none. Lines are without escapes, trimmed. */
export function parseCrash(lines: readonly string[], context: CrashContext = {}): CrashReport | undefined {
  const headline = crashHeadline(lines);
  if (headline === undefined) return undefined;
  const limit = headline.type === 'Timeout' || headline.type === 'Out-of-memory';
  if (limit && context.reportLimits === false) return { type: '', state: [], frames: [], headline };
  const frames = headline.state === 'message-only' ? [] : crashFrames(lines, headline);
  const message =
    headline.message === undefined || headline.message === ''
      ? []
      : headline.message.split('\n').map(maskState);
  const target =
    headline.state === 'target' && context.fuzzTarget !== undefined ? [context.fuzzTarget] : undefined;
  const state = target ?? [...message, ...frames.map(({ name }) => name)].slice(0, STATE_LINES);
  const named = state.length > 0 || context.fuzzTarget === undefined ? state : [context.fuzzTarget];
  return {
    type: headline.type,
    state: named.map((line) => line.slice(0, LINE_UNITS)),
    frames: frames.map(({ frame }) => frame),
    headline,
  };
}

const maskState = (message: string): string =>
  message
    .replace(/0x[0-9a-fA-F]{3,16}/g, 'ADDRESS')
    .replace(/(?<=[#@])\d{1,9}\b|(?<![\w%.$])\d{2,20}(?![\w.%])/g, 'NUMBER');

interface NamedFrame {
  readonly name: string;
  readonly frame: RawFrame;
}

/** Frames of the first stack from the headline on that has any; a Python traceback is printed outermost first. */
function crashFrames(lines: readonly string[], headline: CrashHeadline): readonly NamedFrame[] {
  const gap = headline.type.startsWith('Kernel') ? KERNEL_GAP : STACK_GAP;
  const stacks = stacksFrom(lines, headline.line, gap);
  const usable = stacks.map(named).filter((found) => found.length > 0);
  // A symbolised stack of a sanitizer says more than the raw one that a program prints itself.
  const numbered = usable.find((found) => /^\s*#\d/.test(lines[found[0]?.frame.at ?? 0] as string));
  const raw = usable[0] !== undefined && /^\s*\//.test(lines[usable[0][0]?.frame.at ?? 0] as string);
  const chosen = raw ? (numbered ?? usable[0]) : usable[0];
  if (chosen !== undefined) return chosen;
  const before = headline.line === 0 ? [] : stacksFrom(lines.slice(0, headline.line), 0, gap).map(named);
  return before.find((found) => found.length > 0) ?? [];
}

function stacksFrom(
  lines: readonly string[],
  from: number,
  maxGap: number,
): readonly (readonly RawFrame[])[] {
  const stacks: RawFrame[][] = [];
  let open: RawFrame[] | undefined;
  let gap = 0;
  for (let at = from; at < Math.min(lines.length, from + MAX_LINES); at += 1) {
    const text = lines[at] as string;
    const frame = frameOf(text, lines[at + 1] ?? '', at);
    if (frame === undefined) {
      gap += 1;
      if (stackEnd.test(text) || gap > maxGap) open = undefined;
      continue;
    }
    gap = 0;
    const restarts =
      /^#0+:?\s/.test(text) &&
      open !== undefined &&
      open.length > 0 &&
      /^#/.test(text) &&
      open.some((other) => /^#\d/.test(lines[other.at] as string));
    if (open === undefined || restarts) {
      open = [];
      stacks.push(open);
    }
    open.push(frame);
  }
  return stacks.map((stack) =>
    stack.every((frame) => /^File "/.test((lines[frame.at] as string).trim())) ? stack.toReversed() : stack,
  );
}

function named(stack: readonly RawFrame[]): readonly NamedFrame[] {
  const found: NamedFrame[] = [];
  for (const frame of stack) {
    const name = shortName(frame);
    if (name === undefined) continue;
    found.push({ name, frame });
    if (found.length >= 30) break;
  }
  return found;
}

function shortName(frame: RawFrame): string | undefined {
  const whole = functionName(frame.function);
  if (entryPoint.test(whole)) return frame.file === null ? undefined : frame.file.split(/[\\/]/).at(-1);
  if (isIgnoredFrame(whole, frame.file)) return undefined;
  // Go: the path of the package says where it is hosted, its last part what it is.
  const slash = /^[\w.~/-]+\/(?=[\w.~-]+\.)/.exec(whole);
  const isGo = frame.file !== null && frame.file.endsWith('.go');
  return isGo && slash !== null ? whole.slice(slash[0].length) : whole;
}

import type { Frame } from '@faultline/schemas';
import { isIgnoredFrame } from './ignored-frames.ts';
import { isInApp, type TraceLanguage } from './in-app.ts';
import { frameOf as nativeFrameOf, functionName } from './native-frames.ts';

/** A stack trace: the root of its cause chain. */
export interface Trace {
  readonly language: TraceLanguage;
  readonly type: string | null;
  readonly message: string | null;
  /** Innermost first, recursion collapsed, at most 30. */
  readonly frames: readonly Frame[];
  /** Line of the headline, and the last line that belongs to the trace. */
  readonly first: number;
  readonly last: number;
}

/** Frames that a record carries. */
const MAX_FRAMES = 30;
/** Frames of one trace that are read, so that endless recursion costs no memory. */
const MAX_READ = 2000;

interface Printed {
  readonly function: string;
  readonly file: string | null;
  readonly line: number | null;
}

interface Grammar {
  readonly language: TraceLanguage;
  readonly frame: (text: string, next: string) => Printed | undefined;
  /** Lines between frames that belong to the trace, such as source lines. */
  readonly between: RegExp;
  /** How many lines in a row may stand between two frames. */
  readonly gap: number;
  /** Whether the innermost frame is printed last. */
  readonly innermostLast?: boolean;
  /** Whether the headline stands behind the frames. */
  readonly headlineBehind?: boolean;
  readonly headline: RegExp;
}

const printed = (name: string | undefined, file: string | undefined, line: string | undefined): Printed => ({
  function: name ?? '',
  file: file ?? null,
  line: line === undefined ? null : Number(line) || null,
});

const typeAndMessage =
  /^(?:Exception in thread "[^"]{1,200}" |Caused by: |Unhandled [Ee]xception[.:] |Uncaught |== Java Exception: |\[cause\]: |-{3}> |>>> |\(node:\d{1,9}\) (?:UnhandledPromiseRejectionWarning: )?)?((?:[\w$-]{1,80}[.:\\]{1,2}){0,14}[A-Za-z_$][\w$]{0,100})(?: \[\w{1,60}\])?(?:: ?(.{0,2000}))?$/;

const grammars: readonly Grammar[] = [
  {
    language: 'java',
    frame: (text) => {
      const match =
        /^at (?:[\w.@-]{0,80}\/{1,2})?([\w.$<>]{1,300})\.([\w$<>-]{1,120})\(((?:[\w$-]{1,120}\.[a-z]{1,8}|Native Method|Unknown Source|<[a-z]{1,20}>|SourceFile|[A-Z]\w{0,80}))(?::(\d{1,7}))?\)/.exec(
          text,
        );
      return match === null
        ? undefined
        : printed(`${match[1] as string}.${match[2] as string}`, match[3], match[4]);
    },
    between: /^(?:\.\.\. \d{1,6} (?:more|common frames omitted)|Suppressed: )/,
    gap: 1,
    headline: typeAndMessage,
  },
  {
    language: 'dotnet',
    frame: (text) => {
      const match = /^at ([\w.<>`+[\],$ |]{2,300}?)\s?\((.{0,300})\)(?: in (.{1,300}):line (\d{1,7}))?$/.exec(
        text,
      );
      return match === null || /:\d{1,7}(?::\d{1,6})?$/.test(match[2] as string)
        ? undefined
        : printed(match[1], match[3], match[4]);
    },
    between: /^(?:--- End of (?:stack trace|inner exception)|---> )/,
    gap: 1,
    headline: typeAndMessage,
  },
  {
    language: 'javascript',
    frame: (text) => {
      const match =
        /^(?:at )(?:async )?(?:(.{1,200}?) \()?((?:[A-Za-z]:\\|file:\/\/|node:|webpack|https?:\/\/|<)?[^():\s][^():]{0,300}|<anonymous>):(\d{1,7})(?::\d{1,7})?\)?$/.exec(
          text,
        );
      return match === null ? undefined : printed(match[1] ?? '<anonymous>', match[2], match[3]);
    },
    between: /^(?:at <anonymous>|at native|at Array\.|at new Promise)/,
    gap: 1,
    headline: typeAndMessage,
  },
  {
    language: 'python',
    frame: (text) => {
      const match = /^File "([^"]{1,400})", line (\d{1,7})(?:, in (.{1,200}))?$/.exec(text);
      return match === null ? undefined : printed(match[3] ?? '<module>', match[1], match[2]);
    },
    between: /./,
    gap: 3,
    innermostLast: true,
    headlineBehind: true,
    headline: /^((?:[\w]{1,80}\.){0,10}[A-Za-z_]\w{0,100})(?:: (.{0,2000}))?$/,
  },
  {
    language: 'go',
    frame: (text, next) => {
      const match =
        /^(?:created by )?((?:[\w.~-]{1,100}\/){0,12}[\w.~-]{1,100}\.[\w.()*[\]…{}·-]{1,200}?)(?:\(.{0,600}\))?(?: in goroutine \d{1,9})?$/.exec(
          text,
        );
      const place = /^\s*(\S{1,400}\.(?:go|s)):(\d{1,7})(?:\s|$)/.exec(next);
      return match === null || place === null ? undefined : printed(match[1], place[1], place[2]);
    },
    between: /^\S{1,400}\.(?:go|s):\d{1,7}/,
    gap: 1,
    headline: /^(panic|fatal error): (.{0,2000})$/,
  },
  {
    language: 'rust',
    frame: (text, next) => {
      const match = /^\d{1,4}: {1,6}(?:0x[0-9a-f]{4,16} - )?(\S.{0,400})$/.exec(text);
      if (match === null) return undefined;
      const place = /^\s*at (\S{1,400}?):(\d{1,7})(?::\d{1,6})?$/.exec(next);
      if (place === null && !(match[1] as string).includes('::')) return undefined;
      return printed((match[1] as string).replace(/::h[0-9a-f]{16}$/, ''), place?.[1], place?.[2]);
    },
    between: /^at \S/,
    gap: 1,
    headline: /^thread '.{1,200}' (?:\(\d{1,12}\) )?(panicked) at (.{0,2000})$/,
  },
  {
    language: 'ruby',
    frame: (text) => {
      const match =
        /^(?:from |\d{1,4}: from )?((?:\/|\.\/|[A-Za-z]:[\\/])?[\w@.+/\\ -]{1,300}|<internal:[\w/]{1,80}>):(\d{1,7}):in [`']([^'`]{1,200})'/.exec(
          text,
        );
      return match === null ? undefined : printed(match[3], match[1], match[2]);
    },
    between: /^$/,
    gap: 0,
    headline: /:\d{1,7}:in [`'].{1,200}?': (?:(.{0,2000}) )?\(([A-Z][\w:]{1,120})\)$/,
  },
  {
    language: 'php',
    frame: (text) => {
      const match = /^#\d{1,4} (.{1,300}?)\((\d{1,7})\): (.{1,300}?)\(/.exec(text);
      return match === null ? undefined : printed(match[3], match[1], match[2]);
    },
    between: /^#\d{1,4} (?:\[internal function\]|\{main\})/,
    gap: 1,
    headline:
      /(?:Uncaught )?((?:[\w]{1,80}\\){0,10}[A-Z]\w{0,100}(?:Error|Exception)): (.{0,2000}?)(?: in \S{1,300}:\d{1,7})?$/,
  },
  {
    language: 'native',
    frame: (text, next) => {
      if (!/^(?:#\d|\[<|@ )/.test(text)) return undefined;
      const frame = nativeFrameOf(text, next, 0);
      return frame === undefined ? undefined : { ...frame, function: functionName(frame.function) };
    },
    between: /^$/,
    gap: 0,
    headline:
      /(?:ERROR|WARNING): (\w{2,24}Sanitizer): (.{1,400})$|Program (received signal) (SIG[A-Z]{2,8}.{0,80})/,
  },
];

interface Block {
  readonly grammar: Grammar;
  readonly frames: readonly Printed[];
  readonly first: number;
  readonly last: number;
}

/** Finds the stack trace that says most: the root cause of the last chain in the lines. Lines are trimmed ones. */
export function parseTrace(lines: readonly string[]): Trace | undefined {
  const blocks = blocksOf(lines);
  const last = blocks.at(-1);
  if (last === undefined) return undefined;
  const block = rootOf(blocks, last, lines);
  const { grammar } = block;
  const [headlineAt, type, message] = headlineOf(block, lines);
  const ordered = grammar.innermostLast === true ? block.frames.toReversed() : block.frames;
  const frames = collapsed(ordered)
    .slice(0, MAX_FRAMES)
    .map((frame) => ({
      function: frame.function === '' ? null : stableName(frame.function),
      file: frame.file === null ? null : shortFile(frame.file),
      line: frame.line,
      inApp:
        grammar.language === 'native'
          ? !isIgnoredFrame(frame.function, frame.file)
          : isInApp(grammar.language, frame.function, frame.file),
    }));
  return {
    language: grammar.language,
    type,
    message,
    frames,
    first: Math.max(0, Math.min(headlineAt, block.first)),
    last: Math.max(headlineAt, block.last),
  };
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const blocks: { grammar: Grammar; frames: Printed[]; first: number; last: number }[] = [];
  let open: (typeof blocks)[number] | undefined;
  let gap = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] as string;
    const found =
      text.length < 4 || text.length > 3000 ? undefined : recognise(text, lines[at + 1] ?? '', open?.grammar);
    if (found === undefined) {
      if (open === undefined) continue;
      gap += 1;
      if (gap > open.grammar.gap || !open.grammar.between.test(text)) open = undefined;
      else if (open.grammar.language !== 'python') open.last = at;
      continue;
    }
    if (open === undefined || open.grammar !== found.grammar) {
      open = { grammar: found.grammar, frames: [], first: at, last: at };
      blocks.push(open);
    }
    gap = 0;
    open.last = at;
    if (open.frames.length < MAX_READ) open.frames.push(found.frame);
  }
  return blocks;
}

const opening =
  /^(?:at |File "|from |#\d|\d{1,4}: |\[<|@ |created by )|:in [`']|\)$|^[\w./~-]{3,200}\.[\w.()*]{2,200}\(/;

function recognise(
  text: string,
  next: string,
  current: Grammar | undefined,
): { grammar: Grammar; frame: Printed } | undefined {
  if (!opening.test(text)) return undefined;
  if (current !== undefined) {
    const frame = current.frame(text, next);
    if (frame !== undefined) return { grammar: current, frame };
    if (current.language !== 'python' && current.between.test(text)) return undefined;
  }
  for (const grammar of grammars) {
    if (grammar === current) continue;
    const frame = grammar.frame(text, next);
    if (frame !== undefined) return { grammar, frame };
  }
  return undefined;
}

/** The root of a chain: Java, .NET and JavaScript print it last, Python first unless the last is another failure. */
function rootOf(blocks: readonly Block[], last: Block, lines: readonly string[]): Block {
  let root = last;
  for (let index = blocks.length - 2; index >= 0; index -= 1) {
    const block = blocks[index] as Block;
    if (block.grammar !== last.grammar || root.first - block.last > 12) break;
    const between = lines.slice(block.last + 1, root.first);
    if (between.some((text) => /^The above exception was the direct cause of/.test(text))) root = block;
    else break;
  }
  return root;
}

function headlineOf(block: Block, lines: readonly string[]): readonly [number, string | null, string | null] {
  const { grammar } = block;
  const from = grammar.headlineBehind === true ? block.last + 1 : block.first - 1;
  const step = grammar.headlineBehind === true ? 1 : -1;
  const own = grammar.language === 'ruby' ? block.first : from;
  for (let distance = 0; distance < 8; distance += 1) {
    const at = (grammar.language === 'ruby' ? own : from) + step * distance;
    const text = lines[at];
    if (text === undefined) break;
    const match = text.length > 2500 ? null : grammar.headline.exec(text);
    if (match === null) continue;
    if (grammar.language === 'ruby') return [at, match[2] ?? null, match[1] ?? ''];
    if (grammar.language === 'rust') return [at, 'panic', rustMessage(match[2] ?? '', lines[at + 1])];
    if (grammar.language === 'native') return [at, nativeType(match), match[2] ?? match[4] ?? null];
    if (grammar.language === 'go') return [at, match[1] ?? null, match[2] ?? null];
    if (!looksLikeType(match[1] as string, match[2] !== undefined)) continue;
    return [at, match[1] ?? null, match[2] ?? ''];
  }
  return [from, null, null];
}

const looksLikeType = (name: string, hasMessage: boolean): boolean =>
  /(?:Error|Exception|Failure|Failed|Interrupt|Exit|Warning|Throwable|Timeout|Fault|Violation|Issue)\w{0,20}$/.test(
    name,
  ) ||
  (hasMessage && /[.\\]/.test(name) && /(?:^|[.\\])[A-Z]\w+$/.test(name));

const rustMessage = (rest: string, next: string | undefined): string =>
  /^'(.{1,2000})', \S{1,300}:\d/.exec(rest)?.[1] ??
  (/^\S{1,300}:\d{1,7}:\d{1,6}:$/.test(rest) ? (next ?? '') : rest);

const nativeType = (match: RegExpExecArray): string | null =>
  match[1] === undefined
    ? (/^SIG[A-Z]{2,8}/.exec(match[4] ?? '')?.[0] ?? null)
    : (/^[\w-]{3,60}/.exec(match[2] ?? '')?.[0] ?? match[1]);

/** A name without what a compiler numbers: lambdas, anonymous classes, closures, hashes. */
function stableName(name: string): string {
  const cut = name.length > 300 ? name.slice(0, 300) : name;
  if (!numbered.test(cut)) return cut;
  return cut
    .replace(/\$\$Lambda(?:\$|\/)?[\w/$]{0,40}|lambda\$([\w]{1,80})\$\d{1,6}/g, 'lambda')
    .replace(/(?:GeneratedMethodAccessor|GeneratedConstructorAccessor|\$Proxy)\d{1,9}/g, '$generated')
    .replace(/\$\d{1,6}/g, '$')
    .replace(/\.func\d{1,6}(?:\.\d{1,6})*/g, '.func')
    .replace(/0x[0-9a-f]{2,16}/g, '');
}

const numbered = /\$|\.func\d|0x|Accessor/;

/** The last two parts of a path: what stays when a project is checked out elsewhere. */
function shortFile(file: string): string {
  let at = file.length;
  for (let part = 0; part < 2; part += 1) {
    at = Math.max(file.lastIndexOf('/', at - 1), file.lastIndexOf('\\', at - 1));
    if (at <= 0) break;
  }
  return at < 0 ? file : file.slice(at + 1).replaceAll('\\', '/');
}

/** Frames with repeated runs of up to eight frames printed once. */
function collapsed(frames: readonly Printed[]): readonly Printed[] {
  const kept: Printed[] = [];
  const same = (a: Printed | undefined, b: Printed | undefined): boolean =>
    a !== undefined && b !== undefined && a.function === b.function && a.file === b.file;
  for (let at = 0; at < frames.length;) {
    kept.push(frames[at] as Printed);
    at += 1;
    for (let period = 1; period <= Math.min(8, kept.length); period += 1) {
      const repeats = (): boolean =>
        Array.from({ length: period }, (_, step) => step).every((step) =>
          same(frames[at + step], kept[kept.length - period + step]),
        );
      while (at + period <= frames.length && repeats()) at += period;
    }
  }
  return kept;
}

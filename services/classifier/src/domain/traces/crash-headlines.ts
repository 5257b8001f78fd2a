/** What the headline of a crash says. */
export interface CrashHeadline {
  /** Kind of crash, such as `Heap-buffer-overflow\nREAD 4`. */
  readonly type: string;
  /** What was asserted or said, where the crash has words of its own; it heads the state. */
  readonly message?: string;
  /** Index of the line. */
  readonly line: number;
  /** Whether frames follow the headline or may stand anywhere. */
  readonly state?: 'message-only' | 'target';
}

interface Detector {
  readonly pattern: RegExp;
  readonly read: (
    match: RegExpExecArray,
    lines: readonly string[],
    line: number,
  ) => Omit<CrashHeadline, 'line'> | undefined;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** Access of the lines behind a sanitizer's headline: `READ of size 4`. */
function access(lines: readonly string[], line: number): string {
  for (let at = line; at < Math.min(lines.length, line + 6); at += 1) {
    const match = /\b(READ|WRITE|Read|Write|read|write) (?:of size|at) (\d{1,9}|\{unknown\})/.exec(
      lines[at] as string,
    );
    if (match !== null) return `\n${(match[1] as string).toUpperCase()} ${match[2] as string}`;
  }
  return '';
}

/** `READ` or `WRITE` where the sanitizer knows which access a signal came from. */
function signalAccess(lines: readonly string[], line: number): string {
  for (let at = line; at < Math.min(lines.length, line + 6); at += 1) {
    const match = /caused by a (READ|WRITE) memory access/.exec(lines[at] as string);
    if (match !== null) return ` ${match[1] as string}`;
  }
  return '';
}

/** Addresses in the first pages are null pointers with an offset. */
const NULL_LIMIT = 0x10_000;

function signal(name: string, address: string, lines: readonly string[], line: number): string {
  const number = Number.parseInt(address.replace(/^0x/, ''), 16);
  if (/^(?:SEGV|access-violation|null-deref)/i.test(name)) {
    const what = Number.isFinite(number) && number < NULL_LIMIT ? 'Null-dereference' : 'UNKNOWN';
    return `${what}${signalAccess(lines, line)}`;
  }
  return signalNames[name.toUpperCase()] ?? capital(name.toLowerCase());
}

const signalNames: Readonly<Record<string, string>> = {
  ABRT: 'Abrt',
  ILL: 'Ill',
  TRAP: 'Trap',
  BUS: 'Bus',
  FPE: 'Floating-point-exception',
  BREAKPOINT: 'Breakpoint',
  'STACK-OVERFLOW': 'Stack-overflow',
};

const said = (text: string): string =>
  text
    .replace(/ \(.{0,400} vs\. .{0,400}$/, '')
    .replace(/; .{0,600}$/, '')
    .replace(/\.$/, '')
    .trim();

/** What the undefined-behaviour sanitizer calls it, by its words. */
const undefinedBehaviour: readonly (readonly [RegExp, string | ((match: RegExpExecArray) => string)])[] = [
  [/applying .{0,60}offset .{0,80}|pointer index expression|addition of unsigned offset/, 'Pointer-overflow'],
  [
    /member call|member access within null pointer|reference binding to null|null pointer passed/,
    'Null-dereference',
  ],
  [/load of null pointer/, 'Null-dereference READ'],
  [/store to null pointer/, 'Null-dereference WRITE'],
  [/unsigned integer overflow/, 'Unsigned-integer-overflow'],
  [/signed integer overflow|negation of .{1,60} cannot be represented/, 'Integer-overflow'],
  [/misaligned address/, 'Misaligned-address'],
  [/index .{1,40} out of bounds/, 'Index-out-of-bounds'],
  [/division by zero/, 'Divide-by-zero'],
  [/shift exponent|left shift of/, 'Undefined-shift'],
  [/load of value .{1,40}not a valid value for type '?(?:const )?bool/, 'Invalid-bool-value'],
  [/not a valid value for type/, 'Invalid-enum-value'],
  [/outside the range of representable values/, 'Float-cast-overflow'],
  [/assumption is violated/, 'Assumption-violation'],
  [/execution reached (?:an unreachable|the end of a value-returning)/, 'No-return-value'],
  [/call to function .{1,200} through pointer to incorrect function type/, 'Incorrect-function-pointer-type'],
  [/variable length array bound/, 'Non-positive-vla-bound-value'],
  [/object-size|insufficient space for an object/, 'Object-size'],
  [/implicit conversion/, 'Implicit-conversion'],
];

const sanitizers: readonly Detector[] = [
  {
    pattern: /ERROR: (?:\w{0,20}Sanitizer): attempting (double-free|free on address which was not malloc)/,
    read: (match) => ({ type: match[1] === 'double-free' ? 'Heap-double-free' : 'Invalid-free' }),
  },
  {
    pattern: /(?:ERROR|WARNING): \w{0,20}Sanitizer: (?:bad-free|attempting free)/,
    read: () => ({ type: 'Invalid-free' }),
  },
  {
    pattern:
      /(?:ERROR|WARNING): (?:HW)?AddressSanitizer: (tag-mismatch|allocation-tail-overwritten|[a-z]{2,20}(?:-[a-z]{2,20}){1,6})\b/,
    read: (match, lines, line) => {
      const kind = match[1] as string;
      if (/^(?:access-violation|stack-overflow|null-deref)/.test(kind)) return undefined;
      if (kind === 'use-of-uninitialized-value') return { type: capital(kind) };
      return { type: `${capital(kind)}${kind === 'allocation-tail-overwritten' ? '' : access(lines, line)}` };
    },
  },
  {
    pattern: /WARNING: MemorySanitizer: use-of-uninitialized-value/,
    read: () => ({ type: 'Use-of-uninitialized-value' }),
  },
  {
    pattern: /WARNING: ThreadSanitizer: ([a-z -]{3,60}?) \(/,
    read: (match) => ({ type: capital((match[1] as string).replace(/ /g, '-')) }),
  },
  { pattern: /^(Direct|Indirect) leak of \d/, read: (match) => ({ type: `${match[1] as string}-leak` }) },
  {
    pattern: /runtime error: (.{1,600})/,
    read: (match) => {
      const words = match[1] as string;
      const cast = /control flow integrity check for type '?(.{1,200}?)'? failed during (.{1,80})/.exec(
        words,
      );
      if (cast !== null) return undefined;
      const found = undefinedBehaviour.find(([pattern]) => pattern.test(words));
      return found === undefined ? undefined : { type: found[1] as string };
    },
  },
];

/** Casts that control-flow integrity or the vptr check refuse; the note behind tells what the object was. */
const casts: readonly Detector[] = [
  {
    pattern: /control flow integrity check for type '?(.{1,200}?)'? failed during/,
    read: (match, lines, line) => castOf(match[1] as string, lines, line),
  },
  {
    pattern:
      /runtime error: (?:member call on|member access within|downcast of) address \S{1,40} which does not point to an object of type '(.{1,200}?)'/,
    read: (match, lines, line) => castOf(match[1] as string, lines, line),
  },
];

function castOf(wanted: string, lines: readonly string[], line: number): Omit<CrashHeadline, 'line'> {
  for (let at = line + 1; at < Math.min(lines.length, line + 6); at += 1) {
    const text = lines[at] as string;
    const actual = /note: (?:object|vtable) is of type '?(.{1,200}?)'?$/.exec(text)?.[1];
    if (actual !== undefined) return { type: 'Bad-cast', message: `Bad-cast to ${wanted} from ${actual}` };
    if (/note: (?:object has invalid|invalid) v(?:ptr|table)/.test(text)) {
      return { type: 'Bad-cast', message: `Bad-cast to ${wanted} from invalid vptr` };
    }
  }
  return { type: 'Bad-cast' };
}

const checks: readonly Detector[] = [
  { pattern: /^## V8 sandbox violation detected/, read: () => ({ type: 'V8 sandbox violation' }) },
  {
    pattern: /^#?\s*Fatal error(?: in (.{1,300}))?$/,
    read: (match, lines, line) => {
      const origin = match[1] ?? '';
      const file = /^(\S{1,300}), line \d/.exec(origin)?.[1];
      const next = (lines[line + 1] ?? '').replace(/^#\s*/, '').trim();
      const place = file === undefined || file === '' ? '' : ` in ${baseName(file)}`;
      const check = /^(Debug check|Check) failed: (.{1,600})$/.exec(next);
      if (check !== null) {
        return {
          type: check[1] === 'Check' ? 'CHECK failure' : 'DCHECK failure',
          message: `${said(check[2] as string)}${place}`,
        };
      }
      if (/^un(?:reachable|implemented) code/.test(next))
        return { type: 'Unreachable code', message: place.replace(/^ in /, '') };
      if (/out of memory/i.test(next)) return { type: 'Out-of-memory', message: `${next}${place}` };
      if (/^v8::\w{0,40}(?:Maybe|ToLocal)/.test(origin))
        return { type: 'V8 API error', message: `${said(next)}. (${origin})` };
      return {
        type: 'Fatal error',
        message: next === '' ? place.replace(/^ in /, '') : `${said(next)}${place}`,
      };
    },
  },
  {
    pattern: /\bFATAL:([\w./\\+-]{1,300})[(:]\d{1,7}\)?\] ?(.{0,1000})$/,
    read: (match) => {
      const words = (match[2] as string).trim();
      const place = ` in ${baseName(match[1] as string)}`;
      const check = /(Security )?D?(?:CHECK|Check) failed: (.{1,900})$/.exec(words);
      if (check !== null) {
        return {
          type: check[1] === undefined ? 'CHECK failure' : 'Security DCHECK failure',
          message: `${said(check[2] as string)}${place}`,
        };
      }
      const refused = /V8 error: (.{1,300}?\(v8::\w{1,60}\))/.exec(words);
      if (refused !== null) return { type: 'V8 API error', message: refused[1] as string };
      if (/^Out of memory/i.test(words)) return { type: 'Out-of-memory', state: 'target' };
      const asserted = /^(?:Assert(?:ion)?|ASSERT(?:ION)?)(?: failed)?:? (.{1,400})/.exec(words);
      return asserted === null
        ? { type: 'CHECK failure', message: `${said(words)}${place}` }
        : { type: 'ASSERT', message: asserted[1] as string };
    },
  },
  {
    pattern:
      /^(?:Abort message: ')?\S{0,200}?([\w.-]{1,80}\.(?:cc|cpp|c|h)):\d{1,6}\]? (CHECK\w{0,10}\(.{1,300}\)) failed/,
    read: (match) => ({
      type: 'CHECK failure',
      message: `${match[2] as string} failed in ${match[1] as string}`,
    }),
  },
  {
    pattern:
      /^[FE]\d{4} [\d:.]{8,20}\s{1,8}\d{1,9} (?:\S{1,200}\/)?([\w.-]{1,80}):\d{1,6}\] (Check failed: )?(.{1,400})/,
    read: (match, lines, line) => {
      if (!(lines[line] as string).startsWith('F')) return undefined;
      const asserted = /assertion failed at \S{1,300} in .{1,200}?: (.{1,400})$/.exec(match[3] as string);
      if (asserted !== null) return { type: 'ASSERT', message: asserted[1] as string };
      return {
        type: match[2] === undefined ? 'Fatal error' : 'CHECK failure',
        message: `${said(match[3] as string)} in ${match[1] as string}`,
      };
    },
  },
  {
    pattern:
      /(?:^|[: ])(?:Assertion|ASSERT(?:ION)?):? (?:failed: ?)?[`'"]?(.{1,400}?)(?:['"`] failed\.?|, (?:file|function) .{0,200}|)$/,
    read: (match, lines, line) =>
      /^(?:\[\w+\] )?(?:INFO|DEBUG|WARN)/.test(lines[line] as string) ||
      !/[Aa]ssert(?:ion)?[ :].{0,10}fail|failed|FAILED/i.test(lines[line] as string)
        ? undefined
        : { type: 'ASSERT', message: said(match[1] as string) },
  },
  {
    pattern: /(?:assertion failed: |: assertion ['`])(.{1,300}?)'?(?: failed)?$/,
    read: (match) => ({ type: 'ASSERT', message: match[1] as string }),
  },
  {
    pattern: /assert failure: (.{1,300}?)(?:\. Details:.{0,300})?$/,
    read: (match) => ({ type: 'ASSERT', message: said(match[1] as string) }),
  },
  {
    pattern: /panic: (not reached|.{1,200})$/,
    read: (match, lines, line) =>
      /critical|source\//.test(lines[line] as string) && /\[.{1,40}\]/.test(lines[line] as string)
        ? { type: 'ASSERT', message: match[1] as string }
        : undefined,
  },
  {
    pattern: /^abort: (.{1,300}?)(?: \[(\S{1,200}):\d{1,6}\])?$/,
    read: (match) => ({
      type: 'ASSERT',
      message: `${match[1] as string}${match[2] === undefined ? '' : `\n${baseName(match[2])}`}`,
    }),
  },
  {
    pattern: /^thread '.{1,200}' (?:\(\d{1,12}\) )?panicked at '(.{1,400}?)', \S{1,200}:\d/,
    read: (match) => ({ type: 'ASSERT', message: match[1] as string }),
  },
  {
    pattern: /^thread '.{1,200}' (?:\(\d{1,12}\) )?panicked at \S{1,200}:\d{1,6}:\d{1,6}:$/,
    read: (_match, lines, line) => ({ type: 'ASSERT', message: lines[line + 1] ?? '' }),
  },
];

const go: readonly Detector[] = [
  {
    pattern: /^(?:panic|fatal error): (?:runtime error: )?(.{1,400})$/,
    read: (match, lines, line) => {
      const words = match[1] as string;
      const known = goKinds.find(([pattern]) => pattern.test(words));
      if (known !== undefined) return { type: known[1] };
      const fatal = (lines[line] as string).startsWith('fatal error');
      return { type: fatal ? 'Fatal error' : 'ASSERT', message: words.replace(/ \[recovered\]$/, '') };
    },
  },
];

const goKinds: readonly (readonly [RegExp, string])[] = [
  [/^index out of range/, 'Index out of range'],
  [/^slice bounds out of range/, 'Slice bounds out of range'],
  [/^invalid memory address or nil pointer/, 'Invalid memory address'],
  [/^integer divide by zero/, 'Integer divide by zero'],
  [/^makeslice: len out of range/, 'Makeslice: len out of range'],
  [/^stack overflow/, 'Stack overflow'],
  [/^all goroutines are asleep/, 'Deadlock'],
  [/^out of memory/, 'Out-of-memory'],
  [/^concurrent map/, 'Concurrent map access'],
  [/^hash of unhashable/, 'Unhashable map key'],
];

const programs: readonly Detector[] = [
  { pattern: /^===BUG DETECTED: Shell corruption===/, read: () => ({ type: 'Command injection' }) },
  {
    pattern: /^===BUG DETECTED: Arbitrary domain name resolution/,
    read: () => ({ type: 'Arbitrary DNS resolution' }),
  },
  { pattern: /^===BUG DETECTED: (PySecSan)/, read: () => ({ type: 'PySecSan' }) },
  {
    pattern: /^===BUG DETECTED: ([A-Z][\w -]{2,60})===/,
    read: (match) => ({ type: capital((match[1] as string).toLowerCase()) }),
  },
  {
    pattern: /== Java Exception: com\.code_intelligence\.jazzer\.api\.FuzzerSecurityIssue/,
    read: () => ({ type: 'Security exception' }),
  },
  {
    pattern: /^== Java Exception: |^Exception in thread "|== Uncaught Exception: |Uncaught Python exception/,
    read: () => ({ type: 'Uncaught exception' }),
  },
  { pattern: /FATAL EXCEPTION|Fatal Exception/, read: () => ({ type: 'Fatal Exception' }) },
  {
    pattern: /^\s*\d{1,4}\) (test\w{1,100}\([\w.$]{1,200}\))$/,
    read: (match) => ({ type: 'Test failure', message: match[1] as string, state: 'message-only' }),
  },
];

const kernel: readonly Detector[] = [
  {
    pattern: /BUG: KASAN: ([a-z -]{3,60}?) (?:in|on) /,
    read: (match, lines, line) => ({
      type: `Kernel failure\n${capital((match[1] as string).replace(/ /g, '-'))}${access(lines, line)}`,
    }),
  },
  {
    pattern: /general protection fault: /,
    read: () => ({ type: 'Kernel failure\nGeneral-protection-fault' }),
  },
  {
    pattern: /Unable to handle kernel (?:NULL pointer dereference|paging request)/,
    read: (_match, lines, line) => kernelFault(lines, line),
  },
  {
    pattern: /Kernel panic - not syncing: (?!Fatal exception)(.{1,160})$/,
    read: (match) => ({ type: `Kernel failure\n${(match[1] as string).trim().replace(/[: ]+/g, '-')}` }),
  },
  {
    pattern: /BUG: unable to handle .{0,40}(?:page fault|paging request|NULL pointer)/,
    read: () => ({ type: 'Kernel failure' }),
  },
];

/** Fault status codes of the ARM architecture (ARM DDI 0406C, B3.13). */
const armFaults: Readonly<Record<number, string>> = {
  1: 'Alignment Fault',
  3: 'Access Flag Fault, Section',
  5: 'Translation Fault, Section',
  6: 'Access Flag Fault, Page',
  7: 'Translation Fault, Page',
  9: 'Domain Fault, Section',
  11: 'Domain Fault, Page',
  13: 'Permission Fault, Section',
  15: 'Permission Fault, Page',
};

function kernelFault(lines: readonly string[], line: number): Omit<CrashHeadline, 'line'> {
  for (let at = line; at < Math.min(lines.length, line + 40); at += 1) {
    const code = /Oops: (?:[\w -]{0,20}: )?([0-9a-f]{1,8})\b/.exec(lines[at] as string)?.[1];
    if (code === undefined) continue;
    const status = Number.parseInt(code, 16);
    const fault = armFaults[status & 0xf];
    if (fault !== undefined)
      return {
        type: `Kernel failure\n${(status & 0x800) === 0 ? 'READ' : 'WRITE'} ${fault} (${status & 0xf})`,
      };
  }
  return { type: 'Kernel failure' };
}

const loaders: readonly Detector[] = [
  {
    pattern: /error while loading shared libraries: ([\w.+-]{1,120}):/,
    read: (match) => ({ type: 'Missing-library', message: match[1] as string, state: 'message-only' }),
  },
  {
    pattern: /CANNOT LINK EXECUTABLE .{1,200}library "([\w.+-]{1,120})" not found/,
    read: (match) => ({ type: 'Missing-library', message: match[1] as string, state: 'message-only' }),
  },
  {
    pattern: /Library not loaded: (\S{1,200})/,
    read: (match) => ({
      type: 'Missing-library',
      message: baseName(match[1] as string),
      state: 'message-only',
    }),
  },
];

const limits: readonly Detector[] = [
  {
    pattern:
      /(?:ERROR: libFuzzer: timeout|========= Timeout|[Pp]er-(?:input|batch) timeout exceeded|ALARM: working on the last Unit)/,
    read: () => ({ type: 'Timeout', state: 'target' }),
  },
  {
    pattern:
      /(?:memory allocation of \d{1,20} bytes failed|libFuzzer: out-of-memory|RSS limit exceeded|allocator is out of memory|exceeds maximum supported size|requested allocation size|out-of-memory \(|hard rss limit exhausted|Per-process RSS limit|allocation-size-too-big|Fatal JavaScript OOM|JavaScript heap out of memory|Fatal process out of memory)/,
    read: (_match, lines, line) => {
      const words = lines[line] as string;
      const heap =
        /(Allocation failed - JavaScript heap out of memory|Fatal process out of memory: .{1,200})/.exec(
          words,
        );
      if (/^memory allocation of/.test(words)) return { type: 'Out-of-memory' };
      return {
        type: 'Out-of-memory',
        state: 'target',
        ...(heap === null ? {} : { message: said(heap[1] as string) }),
      };
    },
  },
  { pattern: /Stack limit exceeded/, read: () => ({ type: 'Stack-overflow' }) },
  {
    pattern: /ERROR: libFuzzer: fuzz target overwrites its const input/,
    read: () => ({ type: 'Overwrites-const-input', state: 'target' }),
  },
  { pattern: /ERROR: libFuzzer: fuzz target exited/, read: () => ({ type: 'Unexpected-exit' }) },
];

const signals: readonly Detector[] = [
  {
    pattern: /AddressSanitizer: stack-overflow|\bStack overflow\b.{0,40}c00000fd|Stack overflow \(first/,
    read: () => ({ type: 'Stack-overflow' }),
  },
  {
    pattern:
      /\w{2,24}Sanitizer: (SEGV|ABRT|ILL|BUS|FPE|TRAP|access-violation|breakpoint|null-deref\w{0,10}|[a-z-]{4,30}) on (?:unknown address|address) (0x[0-9a-f]{1,16})?/i,
    read: (match, lines, line) => ({ type: signal(match[1] as string, match[2] ?? 'none', lines, line) }),
  },
  { pattern: /^CFI: Most likely a control flow integrity violation/, read: () => ({ type: 'Bad-cast' }) },
  { pattern: /Program received signal (SIG[A-Z]{2,8})/, read: (match) => ({ type: match[1] as string }) },
  {
    pattern: /ERROR: libFuzzer: deadly signal|libFuzzer: deadly signal/,
    read: () => ({ type: 'Fatal-signal' }),
  },
  { pattern: /code c0000094|Integer divide-by-zero/, read: () => ({ type: 'Divide-by-zero' }) },
  { pattern: /code c00000fd/, read: () => ({ type: 'Stack-overflow' }) },
  { pattern: /code c0000005/, read: () => ({ type: 'UNKNOWN' }) },
  {
    pattern:
      /[Ss]ignal (?:\d{1,3} )?\((SIG[A-Z]{2,8})\).{0,80}fault addr (?:0x)?([0-9a-f-]{1,16})|Received signal (?:11|7) (?:SEGV_\w{3,8}|BUS_\w{3,8}|<unknown>) ([0-9a-f]{1,16})/,
    read: (match) => {
      const address = match[2] ?? match[3] ?? '';
      const name = match[1] ?? 'SIGSEGV';
      if (name !== 'SIGSEGV' && name !== 'SIGBUS') return { type: signalNames[name.slice(3)] ?? name };
      return { type: Number.parseInt(address, 16) < NULL_LIMIT ? 'Null-dereference' : 'UNKNOWN' };
    },
  },
];

/** In the order of what they are worth: an assertion says more than the signal that it raises. */
const order: readonly (readonly Detector[])[] = [
  loaders,
  kernel,
  sanitizers.slice(0, 3),
  casts,
  checks,
  go,
  programs,
  limits,
  sanitizers.slice(3),
  signals,
];

/** The headline that says most of a crash, or undefined where there is none. Lines are without escapes. */
export function crashHeadline(lines: readonly string[]): CrashHeadline | undefined {
  for (const group of order) {
    for (let line = 0; line < lines.length; line += 1) {
      const text = lines[line] as string;
      if (text.length > 2000 || text.length < 5) continue;
      for (const { pattern, read } of group) {
        const match = pattern.exec(text);
        const found = match === null ? undefined : read(match, lines, line);
        if (found !== undefined) return { ...found, line };
      }
    }
  }
  return undefined;
}

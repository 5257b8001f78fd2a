/** One frame of a native, Go, Java or script stack, as printed. */
export interface RawFrame {
  readonly function: string;
  readonly file: string | null;
  readonly line: number | null;
  /** Index of the line that it stands on. */
  readonly at: number;
}

const formats: readonly {
  readonly pattern: RegExp;
  readonly read: (match: RegExpExecArray, next: string) => Omit<RawFrame, 'at'> | undefined;
}[] = [
  // Sanitizers: `#0 0x4b3520 in func(args) file:12:3`; gdb: `#0  0x1 in func (args) at file:12`
  {
    pattern: /^#\d{1,4}:?\s{1,4}(?:pc )?(?:0x)?[0-9a-fA-F]{3,16}\s{1,4}(?:in )?(.{1,2000})$/,
    read: (match) => located(match[1] as string),
  },
  {
    pattern: /^#\d{1,4}\s{1,4}([A-Za-z_~][^\s(].{0,1000}?) \((.{0,400})\)(?: at (\S{1,300}):(\d{1,7}))?$/,
    read: (match) => ({
      function: match[1] as string,
      file: match[3] ?? null,
      line: Number(match[4]) || null,
    }),
  },
  // V8: `path/d8(v8::internal::Foo(int)+0x5c) [0xf7194e1c]`
  {
    pattern: /^\/\S{1,400}\/[\w.+-]{1,80}\((.{0,1000}?)(?:\+0x[0-9a-f]{1,16}\).{0,40})?$/,
    read: (match) => ({ function: match[1] as string, file: null, line: null }),
  },
  // Chrome on macOS: `2   Framework   0x000000010cbf477a _ZN2ui10FlingCurveC2E + 698`
  {
    pattern: /^\d{1,4} {1,4}\S.{0,80}? {2,40}0x[0-9a-f]{8,16} (\S.{0,600}?) \+ \d{1,9}$/,
    read: (match) => ({ function: demangle(match[1] as string), file: null, line: null }),
  },
  // Chrome on Windows: `base::WaitableEvent::Wait [0x00007FF9B2E813F3+19] (file:53)`
  {
    pattern: /^(\S.{0,600}?) \[0x[0-9A-Fa-f]{4,16}(?:\+\d{1,9})?\](?: \((.{1,400}?):(\d{1,7})\))?$/,
    read: (match) => ({
      function: match[1] as string,
      file: match[2] ?? null,
      line: Number(match[3]) || null,
    }),
  },
  // absl: `@ 0x5605  func()`
  {
    pattern: /^@ {1,8}0x[0-9a-f]{4,16} {1,4}(\S.{0,600})$/,
    read: (match) => ({ function: match[1] as string, file: null, line: null }),
  },
  // Android: `#00 pc 0001234  /system/lib/libc.so (func+12)`
  {
    pattern: /^#\d{1,4} pc [0-9a-f]{4,16}\s{1,4}\S{1,300}(?: \((.{1,600}?)(?:\+\d{1,9})?\))?/,
    read: (match) => ({ function: match[1] ?? '', file: null, line: null }),
  },
  // Kernel: `[<ffffffc00020dbcc>] dump_backtrace+0x0/0x258 file:83`
  {
    pattern:
      /^(?:\[ *\d{1,9}\.\d{3,9}\] )?\(?\[<[0-9a-f]{8,16}>\]\)? \(?([a-zA-Z_][\w.]{1,100})(?:\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8})?/,
    read: (match) => ({ function: match[1] as string, file: null, line: null }),
  },
  {
    pattern: /^RIP: .{0,80}\] {1,4}(?:\[<[0-9a-f]{8,16}>\] )?([a-z_]\w{1,100})\+0x/,
    read: (match) => ({ function: match[1] as string, file: null, line: null }),
  },
  {
    pattern:
      /^(?:\[ *\d{1,9}\.\d{3,9}\] )?([a-z_]\w{2,100}(?:\.\w{1,30})?)\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}/,
    read: (match) => ({ function: match[1] as string, file: null, line: null }),
  },
  // Windows debugger: `0e9ff 7ffc : args : module!Func+0x12`
  {
    pattern:
      /^[0-9a-f`]{8,20} [0-9a-f`]{8,20}(?: : .{0,120} :)? ([\w.]{1,60})!(.{1,400}?)(?:\+0x[0-9a-f]{1,8})?(?: \[.{1,300}\])?$/,
    read: (match) => ({ function: match[2] as string, file: null, line: null }),
  },
  // Java, .NET and JavaScript
  {
    pattern:
      /^at (?:async |new )?(?:[\w.]{1,60}\/\/?)?([\w$.<>-]{1,300})\s?\(([^():]{1,400}?)(?::(\d{1,7}))?(?::\d{1,6})?\)$/,
    read: (match) => ({
      function: match[1] as string,
      file: match[2] ?? null,
      line: Number(match[3]) || null,
    }),
  },
  // Python
  {
    pattern: /^File "(.{1,400}?)", line (\d{1,7})(?:, in (.{1,200}))?$/,
    read: (match) => ({ function: match[3] ?? '', file: match[1] ?? null, line: Number(match[2]) }),
  },
  // Go: `pkg.(*T).method(0x1, …)` and the file on the next line
  {
    pattern:
      /^((?:[\w.~-]{1,100}\/){0,12}[\w.~-]{1,100}\.(?:\(\*?[\w[\].…]{1,100}\)\.?|[\w.\-[\]…{}·]{1,100}){1,6}(?:\([\w.*]{1,100}\)-fm)?)\((.{0,400})\)$/,
    read: (match, next) => {
      const place = /^\s*(\S{1,400}):(\d{1,7})(?: \+0x[0-9a-f]{1,12})?/.exec(next);
      return place === null
        ? undefined
        : { function: match[1] as string, file: place[1] ?? null, line: Number(place[2]) };
    },
  },
];

/** The part behind the address: a function and, behind its arguments, a place. */
function located(printed: string): Omit<RawFrame, 'at'> {
  const rest = printed.replace(/ <{1,2}[\w.]{1,80}>{1,2}(?:\+0x[0-9a-f]{1,16})?\s{0,4}$/, '');
  const gdb = /^(.{1,600}?) \(.{0,400}\) at (\S{1,300}):(\d{1,7})$/.exec(rest);
  if (gdb !== null) return { function: gdb[1] as string, file: gdb[2] ?? null, line: Number(gdb[3]) };
  const module =
    /^(.{0,1500}?)\s{0,4}\((?:[^()]{0,400}\+0x[0-9a-f]{1,16}|<unknown module>)\)(?: \(BuildId: [0-9a-f]{8,64}\))?$/.exec(
      rest,
    );
  if (module !== null) return { function: (module[1] as string).trim(), file: null, line: null };
  const android = /^\s?\S{1,300}\.(?:so|apk|oat|odex|dex)(?:!\S{1,100})? \((.{1,600}?)(?:\+\d{1,9})?\)/.exec(
    rest,
  );
  if (android !== null) return { function: android[1] as string, file: null, line: null };
  const place = /^(.{1,1500}) ((?:[A-Za-z]:)?[^\s()]{1,400}?\.?[\w-]{1,60}):(\d{1,7})(?::\d{1,6})?$/.exec(
    rest,
  );
  if (place !== null) return { function: place[1] as string, file: place[2] ?? null, line: Number(place[3]) };
  const bare = /^(.{1,1500}) ([^\s()]{0,400}\/[^\s()]{1,200})$/.exec(rest);
  return bare === null
    ? { function: rest, file: null, line: null }
    : { function: bare[1] as string, file: bare[2] ?? null, line: null };
}

/** The frame that a line holds, if any; `next` is the line behind it. */
export function frameOf(line: string, next: string, at: number): RawFrame | undefined {
  const text = line.trim();
  if (text.length < 4 || text.length > 4000) return undefined;
  for (const { pattern, read } of formats) {
    const match = pattern.exec(text);
    const found = match === null ? undefined : read(match, next);
    if (found !== undefined) return { ...found, at };
  }
  return undefined;
}

/** A nested name of the Itanium C++ ABI without its arguments; anything else stays as it is. */
export function demangle(name: string): string {
  if (!name.startsWith('_ZN')) return name;
  const parts: string[] = [];
  let rest = name.slice(3).replace(/^K/, '');
  for (;;) {
    const length = /^\d{1,3}/.exec(rest)?.[0];
    if (length !== undefined) {
      parts.push(rest.slice(length.length, length.length + Number(length)));
      rest = rest.slice(length.length + Number(length));
    } else if (/^C[1-3]/.test(rest) || /^D[0-2]/.test(rest)) {
      const owner = parts.at(-1) ?? '';
      parts.push(rest.startsWith('C') ? owner : `~${owner}`);
      rest = rest.slice(2);
    } else {
      break;
    }
  }
  return parts.length === 0 ? name : parts.join('::');
}

/** The name of a function without arguments, anonymous namespaces, qualifiers and generated suffixes. */
export function functionName(raw: string): string {
  const text = raw
    .replace(
      /\(anonymous namespace\)::|`anonymous namespace'::|\(\.llvm\.\d{1,24}\)|\[clone [^\]]{1,60}\]|\s?\[abi:\w{1,20}\]/g,
      '',
    )
    .replace(
      /^_?\$LT\$.{0,400}?\$u20\$as\$u20\$(.{1,400}?)\$GT\$::/,
      (_whole, trait: string) => `${trait.replaceAll('..', '::')}::`,
    )
    .replace(/\s?<{1,2}[\w.]{1,80}>{1,2}\+0x[0-9a-f]{1,16}$|\+0x[0-9a-f]{1,16}(?:\/0x[0-9a-f]{1,16})?$/, '')
    .replace(/^void (?=\w)/, '')
    .replace(/^(?:non-virtual thunk to|virtual thunk to) /, '')
    .trim();
  const operator = /operator\(\)/.exec(text);
  const from = operator === null ? 0 : operator.index + 'operator()'.length;
  const goMethod = /^[\w./~-]{1,300}\.\(\*?[\w[\].…]{1,100}\)/.exec(text);
  const open = text.indexOf('(', Math.max(from, goMethod === null ? 0 : goMethod[0].length));
  const cut = open <= 0 ? text : text.slice(0, open);
  return cut.trim();
}

import { LiteralIndex } from '../text/literal-index.ts';
import { stripEscapes } from '../text/strip-escapes.ts';
import { cardCandidates, isCardNumber } from './card-numbers.ts';
import { redacted, shapes, surroundings, type Detector } from './detectors.ts';

/** Words that make the name of a key sensitive; compared without case, hyphens and underscores. */
export const sensitiveKeys = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'apikey',
  'auth',
  'authorization',
  'credentials',
  'privatekey',
  'accesskey',
  'token',
  'bearer',
  'pwd',
  'sessionid',
  'cookie',
  'clientsecret',
  'encryptionkey',
  'signingkey',
] as const;

/** What is redacted beyond the known shapes. */
export interface RedactOptions {
  /** More key names whose values are secret. */
  readonly keys?: readonly string[];
  /** Whether card numbers are redacted; true where absent. */
  readonly cardNumbers?: boolean;
}

/** A text without secrets, and how many of each kind were found. */
export interface Redacted {
  readonly text: string;
  readonly found: Readonly<Record<string, number>>;
}

/** Takes secrets out of texts. */
export interface Redactor {
  /** The text without escapes and without secrets. */
  readonly text: (text: string) => string;
  /** The same, with counts by kind. */
  readonly report: (text: string) => Redacted;
  /** Whether the value of a key with this name is secret whatever it looks like. */
  readonly isSensitiveKey: (key: string) => boolean;
  /** Whether the text holds a secret of a known shape. */
  readonly holdsShape: (text: string) => boolean;
}

const folded = (key: string): string => key.toLowerCase().replace(/[-_\s.]/g, '');

// `author`, `authority`, `tokenizer` and the like are no secrets, though their names begin like one.
const harmlessKeys =
  /^(?:author\w*|authority|authenticated\w*|authentication(?:type|method|mode)|authn?type|token(?:s|ize\w*|count|limit|type|usage)|\w*tokens|secretname|passwordpolicy|cookiepolicy|pwd)$/;

/** `key=value`, `key: value`, `"key": "value"`, `--key value`: any name that ends in a sensitive word. */
function keyValueDetector(keys: readonly string[]): Detector {
  const words = keys.map((key) =>
    [...folded(key)].map((unit) => unit.replace(/[^\w]/g, '\\$&')).join('[-_]?'),
  );
  // It begins at the word itself and not at the start of the name, so that each place of a text costs little.
  const pattern = new RegExp(
    `(${words.join('|')})((?:[-_]?(?:id|key|value|hash|string|base64|file))?)` +
      `("|'|\\\\")?(\\s{0,4}(?:=>|=|:)\\s{0,4}|(?<=--[\\w-]{1,80})\\s{1,4})` +
      `(?:"([^"\\r\\n]{1,4096})"|'([^'\\r\\n]{1,4096})'|([^\\s"',;&)}\\]]{1,4096}))`,
    'gi',
  );
  return {
    id: 'named-secret',
    literals: [],
    pattern,
    replace: (match, [word = '', suffix = '', quote = '', gap = '', inDouble, inSingle, bare], before) => {
      const value = inDouble ?? inSingle ?? bare ?? '';
      // PWD alone is the working directory; what ends in it is a password.
      if (/^pwd$/i.test(word) && !/[A-Za-z0-9][-_]?$/.test(before.slice(-2))) return undefined;
      if (isNoSecret(value, bare !== undefined, gap)) return undefined;
      const mark = inDouble !== undefined ? '"' : inSingle !== undefined ? "'" : '';
      return `${match.slice(0, word.length + suffix.length)}${quote}${gap}${mark}${redacted('named-secret')}${mark}`;
    },
  };
}

/** What stands behind a sensitive name and is plainly no secret: a reference, a mask, a word of a sentence. */
function isNoSecret(value: string, bare: boolean, gap: string): boolean {
  if (
    value.startsWith('[redacted') ||
    /^(?:\*+|x+|<[^>]*>|\$\{?\{?.*|%\w+%|null|none|undefined|true|false|nil|\d{1,3})$/i.test(value)
  ) {
    return true;
  }
  // `invalid token: expected string` is prose; `token: abc123` is not. Prose has letters alone behind a colon.
  return bare && gap.includes(':') && /^[A-Za-z]{1,24}[.:!?]?$/.test(value);
}

/** Makes a redactor. Pure and linear; one object serves any number of texts. */
export function createRedactor(options: RedactOptions = {}): Redactor {
  const own = (options.keys ?? []).filter((key) => folded(key) !== '');
  const keys = [...new Set([...sensitiveKeys, ...own].map(folded))];
  const named = keyValueDetector(keys);
  const detectors = [...shapes, ...surroundings];
  const entries = detectors.flatMap((detector, owner) =>
    detector.literals.map((literal) => ({ literal, owner })),
  );
  // Keys may be written with - or _ inside, so their longest plain start serves as literal.
  const index = new LiteralIndex([
    ...entries.map(({ literal }) => literal),
    ...sensitiveKeys.map((key) => key.slice(0, keyPrefix(key))),
    ...own.map(firstWord),
  ]);
  const cards = options.cardNumbers ?? true;
  // Names of branches, pools and tasks come again and again: what was harmless once is harmless again.
  const harmless = new Set<string>();
  const blocks = detectors.flatMap((detector, owner) => (detector.multiline === true ? [owner] : []));
  const ownerOf = [...entries.map(({ owner }) => owner), ...Array.from({ length: keys.length }, () => KEYED)];

  const apply = (text: string, detector: Detector, count: Count | undefined): string =>
    text.replace(detector.pattern, (match: string, ...rest: unknown[]) => {
      const offset = rest.findIndex((part) => typeof part === 'number');
      const groups = rest.slice(0, offset) as (string | undefined)[];
      const at = rest[offset] as number;
      const replacement = detector.replace(match, groups, text.slice(Math.max(0, at - 8), at));
      if (replacement === undefined) return match;
      count?.(detector.id);
      return replacement;
    });

  /** Applies what was found to be wanted to one line, or to a whole short text. */
  const redactPart = (
    part: string,
    { wanted, keyed, numbered }: Wanted,
    count: Count | undefined,
  ): string => {
    let result = part;
    for (const owner of wanted) {
      const detector = detectors[owner] as Detector;
      if (detector.multiline === undefined) result = apply(result, detector, count);
    }
    if (keyed) result = apply(result, named, count);
    if (!numbered) return result;
    return result.replace(cardCandidates, (match) => {
      if (!isCardNumber(match)) return match;
      count?.('card-number');
      return redacted('card-number');
    });
  };

  const run = (text: string, count: Count | undefined): string => {
    const bare = stripEscapes(text);
    if (bare.length < MIN_UNITS) return bare;
    let block = false;
    let marks: number[] | undefined;
    index.scan(bare, (literal, end) => {
      const owner = ownerOf[literal] as number;
      if (blocks.includes(owner)) block = true;
      else if (marks === undefined) marks = [end, owner];
      else marks.push(end, owner);
    });
    if (block) {
      const without = blocks.reduce(
        (result, owner) => apply(result, detectors[owner] as Detector, count),
        bare,
      );
      // What stood behind a block has moved; the rest is looked for again.
      if (without !== bare) return run(without, count);
    }
    if (cards && bare.length >= DIGITS_OF_A_CARD) marks = withLongNumbers(bare, marks);
    if (marks === undefined) return bare;
    return redactLines(bare, marks, (part, wanted) => redactPart(part, wanted, count));
  };

  return {
    text: (text) => {
      if (text.length > KEPT_UNITS) return run(text, undefined);
      if (harmless.has(text)) return text;
      const result = run(text, undefined);
      if (result === text) {
        if (harmless.size >= MAX_KEPT) harmless.clear();
        harmless.add(text);
      }
      return result;
    },
    report: (text) => {
      const found: Record<string, number> = {};
      const redactedText = run(text, (id) => {
        found[id] = (found[id] ?? 0) + 1;
      });
      return { text: redactedText, found };
    },
    isSensitiveKey: (key) => {
      const name = folded(key);
      return !harmlessKeys.test(name) && keys.some((word) => name.endsWith(word) || name.startsWith(word));
    },
    holdsShape: (text) => {
      const bare = stripEscapes(text);
      return shapes.some((detector) => bare.search(detector.pattern) >= 0);
    },
  };
}

type Count = (id: string) => void;

/** What is wanted of a line. */
interface Wanted {
  /** Detectors, in their order. */
  readonly wanted: readonly number[];
  readonly keyed: boolean;
  readonly numbered: boolean;
}

/** Stand in the place of a detector for the key names and for long numbers. */
const KEYED = -1;
const NUMBERED = -2;

/** Longest text that is remembered as harmless, and how many of them. */
const KEPT_UNITS = 48;
const MAX_KEPT = 4096;

/** Shorter texts hold no secret that could be told from a word. */
const MIN_UNITS = 4;

/**
 * Rewrites the lines that hold marks, pairs of a position and an owner, and leaves the others as they are: a log of
 * many lines costs what its few suspicious ones cost.
 */
function redactLines(
  text: string,
  marks: readonly number[],
  rewrite: (line: string, wanted: Wanted) => string,
): string {
  const byLine = new Map<number, { readonly end: number; readonly owners: Set<number> }>();
  let start = 0;
  let end = -1;
  for (let index = 0; index < marks.length; index += 2) {
    const position = (marks[index] as number) - 1;
    // Marks come nearly in order: most lie in the line of the one before.
    if (position < start || position >= end) {
      start = text.lastIndexOf('\n', position) + 1;
      const found = text.indexOf('\n', position);
      end = found < 0 ? text.length : found;
    }
    const line = byLine.get(start);
    const owner = marks[index + 1] as number;
    if (line === undefined) byLine.set(start, { end, owners: new Set([owner]) });
    else line.owners.add(owner);
  }
  const parts: string[] = [];
  let from = 0;
  for (const [start, { end, owners }] of [...byLine].sort((a, b) => a[0] - b[0])) {
    parts.push(text.slice(from, start));
    const wanted = [...owners].filter((owner) => owner >= 0).sort((a, b) => a - b);
    parts.push(
      rewrite(text.slice(start, end), { wanted, keyed: owners.has(KEYED), numbered: owners.has(NUMBERED) }),
    );
    from = end;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** What a user's key begins with wherever somebody parts its words. */
const firstWord = (key: string): string => /^[^-_\s.]{1,3}/.exec(key.trim())?.[0] ?? folded(key).slice(0, 1);

/** How many characters of a key come before the first place where people part its words. */
function keyPrefix(key: string): number {
  const parted = ['api', 'private', 'access', 'session', 'client', 'encryption', 'signing', 'pass'];
  const first = parted.find((part) => key.startsWith(part) && key.length > part.length);
  return first === undefined ? key.length : first.length;
}

const DIGITS_OF_A_CARD = 13;

/** Marks where 13 digits stand in a row, spaces and hyphens aside: without that there is no card number. */
function withLongNumbers(text: string, known: number[] | undefined): number[] | undefined {
  let marks = known;
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits === DIGITS_OF_A_CARD) (marks ??= []).push(at + 1, NUMBERED);
    } else if (digits !== 0 && code !== 0x20 && code !== 0x2d) {
      digits = 0;
    }
  }
  return marks;
}

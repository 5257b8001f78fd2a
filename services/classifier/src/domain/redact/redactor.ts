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
  const pattern = new RegExp(
    `(?<![A-Za-z0-9])((?:[A-Za-z0-9]{1,40}[-_.]){0,6}(?:[A-Za-z0-9]{0,40}?)(?:${words.join('|')})(?:[-_](?:id|key|value|hash|string|base64|file))?)` +
      `("|'|\\\\")?(\\s{0,4}(?:=|:|=>)\\s{0,4}|(?<=--[\\w-]{1,80})\\s{1,4})` +
      `(?:"([^"\\r\\n]{1,4096})"|'([^'\\r\\n]{1,4096})'|([^\\s"',;&)}\\]]{1,4096}))`,
    'gi',
  );
  return {
    id: 'named-secret',
    literals: [],
    pattern,
    replace: (_match, [name = '', quote = '', gap = '', inDouble, inSingle, bare]) => {
      const value = inDouble ?? inSingle ?? bare ?? '';
      if (harmlessKeys.test(folded(name)) || isNoSecret(value, bare !== undefined, gap)) return undefined;
      const mark = inDouble !== undefined ? '"' : inSingle !== undefined ? "'" : '';
      return `${name}${quote}${gap}${mark}${redacted('named-secret')}${mark}`;
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
  const keys = [...new Set([...sensitiveKeys, ...(options.keys ?? [])].map(folded))].filter(
    (key) => key !== '',
  );
  const named = keyValueDetector(keys);
  const detectors = [...shapes, ...surroundings];
  const entries = detectors.flatMap((detector, owner) =>
    detector.literals.map((literal) => ({ literal, owner })),
  );
  const keyStart = entries.length;
  // Keys may be written with - or _ inside, so their longest plain start serves as literal.
  const index = new LiteralIndex([
    ...entries.map(({ literal }) => literal),
    ...keys.map((key) => key.slice(0, keyPrefix(key))),
  ]);
  const cards = options.cardNumbers ?? true;

  const run = (text: string, count: ((id: string) => void) | undefined): string => {
    const bare = stripEscapes(text);
    if (bare.length < 4) return bare;
    let wanted: boolean[] | undefined;
    let keyed = false;
    index.scan(bare, (literal) => {
      if (literal >= keyStart) keyed = true;
      else (wanted ??= [])[(entries[literal] as { owner: number }).owner] = true;
    });
    let result = bare;
    const apply = (detector: Detector): void => {
      result = result.replace(detector.pattern, (match: string, ...rest: unknown[]) => {
        const groups = rest.slice(
          0,
          rest.findIndex((part) => typeof part === 'number'),
        ) as (string | undefined)[];
        const replacement = detector.replace(match, groups);
        if (replacement === undefined) return match;
        count?.(detector.id);
        return replacement;
      });
    };
    if (wanted !== undefined) {
      const owners = wanted;
      detectors.forEach((detector, owner) => {
        if (owners[owner] === true) apply(detector);
      });
    }
    if (keyed) apply(named);
    if (cards && hasLongNumber(bare)) {
      result = result.replace(cardCandidates, (match) => {
        if (!isCardNumber(match)) return match;
        count?.('card-number');
        return redacted('card-number');
      });
    }
    return result;
  };

  return {
    text: (text) => run(text, undefined),
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

/** How many characters of a key come before the first place where people part its words. */
function keyPrefix(key: string): number {
  const parted = ['api', 'private', 'access', 'session', 'client', 'encryption', 'signing', 'pass'];
  const first = parted.find((part) => key.startsWith(part) && key.length > part.length);
  return first === undefined ? key.length : first.length;
}

const DIGITS_OF_A_CARD = 13;

/** Whether 13 digits stand in a row, spaces and hyphens aside: without that there is no card number. */
function hasLongNumber(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      digits += 1;
      if (digits >= DIGITS_OF_A_CARD) return true;
    } else if (code !== 0x20 && code !== 0x2d) {
      digits = 0;
    }
  }
  return false;
}

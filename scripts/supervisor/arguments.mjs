import { Failure } from '../native/failure.mjs';

/**
 * One option of a command. `positive` takes a number above 0, `port` a first port of a block.
 *
 * @typedef {{ readonly kind: 'flag' | 'text' | 'positive' | 'port', readonly help: string, readonly value?: string }} OptionSpec
 */

/**
 * Reads `--name`, `--name value` and `--name=value`. What is unknown, doubled or malformed is a
 * failure that says what was meant, with the exit code of wrong usage.
 *
 * @param {readonly string[]} argv
 * @param {Readonly<Record<string, OptionSpec>>} specs by name without dashes
 * @returns {Record<string, string | number | true>}
 */
export function parseArguments(argv, specs) {
  /** @type {Record<string, string | number | true>} */
  const found = {};
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? '';
    if (!word.startsWith('--')) {
      throw usage(`unexpected argument: ${word}`, `options are ${names(specs)}`);
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) {
      const near = nearest(name, Object.keys(specs));
      throw usage(
        `unknown option: --${name}`,
        near === undefined ? `options are ${names(specs)}` : `did you mean --${near}?`,
      );
    }
    if (name in found) throw usage(`--${name} is given twice`, 'give it once');
    if (spec.kind === 'flag') {
      if (equals >= 0) throw usage(`--${name} takes no value`, `write --${name} alone`);
      found[name] = true;
      continue;
    }
    const next = argv[i + 1];
    const value = equals >= 0 ? word.slice(equals + 1) : next?.startsWith('--') ? undefined : next;
    if (value === undefined || value === '')
      throw usage(`--${name} needs a value`, `--${name} ${spec.value ?? 'VALUE'}: ${spec.help}`);
    if (equals < 0) i += 1;
    found[name] = parseValue(name, value, spec);
  }
  return found;
}

/** @param {string} name @param {string} value @param {OptionSpec} spec */
function parseValue(name, value, spec) {
  if (spec.kind === 'text') return value;
  const number = Number(value);
  if (spec.kind === 'port') {
    // The highest port of a block is 49 above its base.
    if (!Number.isInteger(number) || number < 1024 || number > 65_486) {
      throw usage(
        `--${name} must be a whole number from 1024 to 65486, not ${value}`,
        'the block of 50 ports begins there',
      );
    }
    return number;
  }
  if (!Number.isFinite(number) || number <= 0)
    throw usage(`--${name} must be a number above 0, not ${value}`, spec.help);
  return number;
}

/** @param {string} message @param {string} remedy */
function usage(message, remedy) {
  return new Failure(message, { code: 'usage', remedy });
}

/** @param {Readonly<Record<string, OptionSpec>>} specs */
function names(specs) {
  return Object.keys(specs)
    .map((name) => `--${name}`)
    .join(' ');
}

/** @param {string} name @param {readonly string[]} candidates */
function nearest(name, candidates) {
  let best;
  let least = 3;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate);
    if (distance < least || candidate.startsWith(name)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Levenshtein's distance, row by row. @param {string} a @param {string} b */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/**
 * Help text of a command.
 *
 * @param {string} usageLine
 * @param {Readonly<Record<string, OptionSpec>>} specs
 */
export function renderHelp(usageLine, specs) {
  const rows = Object.entries(specs).map(([name, spec]) => [
    `--${name}${spec.kind === 'flag' ? '' : ` ${spec.value ?? 'VALUE'}`}`,
    spec.help,
  ]);
  const width = Math.max(...rows.map(([left]) => (left ?? '').length));
  return [usageLine, '', ...rows.map(([left, right]) => `  ${(left ?? '').padEnd(width)}  ${right}`)].join(
    '\n',
  );
}

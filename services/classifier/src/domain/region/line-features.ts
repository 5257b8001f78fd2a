import { cues } from './cues.ts';
import type { PreparedLog } from './prepared-log.ts';

/** How strongly rules speak of a line: 0 not at all, 1 wrapper, 2 general, 3 specific. */
export type RuleStrength = Uint8Array;

const shapes = {
  frame:
    /^(?:at .{1,300}[:(]|File "[^"]{1,300}", line \d|from \S{1,300}:\d|#\d{1,4} |\d{1,3}: +0x|\S{1,300}:\d{1,6}:in [`'])|^\S{1,300}\.(?:rb|py|php|go|lua|exs?|c|cpp|js|ts):\d{1,6}(?::\d{1,5})?(?::|\)|$)/,
  location: /[\w/\\.-]\.[A-Za-z]{1,10}(?::|\(|, line |\()\d{1,6}/,
  numbered: /^\d{1,5}[).] /,
  bullet: /^[*•✖✗×✘!>-] ?\S/,
  failBullet: /^(?:✖|✗|×|✘|not ok|FAIL|FAILED|--- FAIL|E {2,}|F {2,})/,
  caret: /^[\s|]*[\^~]{1,}[-~^ ]*$/,
  separator: /^[-=_*#~+.]{4,}/,
  levelError:
    /^(?:\W{0,4}(?:ERROR|FATAL|SEVERE|CRITICAL|FAILURE|error|Error|fatal|FAIL|FAILED|Failure|Fatal)\b|\[(?:error|ERROR)\]|##\[error\])/,
  levelInfo: /^\[?(?:INFO|DEBUG|info|debug|NOTE|notice)\b/,
  levelWarn: /^\W{0,4}(?:WARN|WARNING|Warning|warning|npm WARN|npm warn)\b/,
  anyError: /\b(?:[A-Z]\w{0,60})?(?:Error|Exception|error|ERROR)\b/,
  typeColon: /^(?:[\w.$]{0,120}\.)?[A-Z]\w{0,60}(?:Error|Exception|Failure|Warning)\b:?/,
  zero: /\b(?:0|no) (?:errors?|failures?|failed|failing|warnings?|problems?|vulnerabilit)/i,
  count:
    /\b[1-9]\d{0,6} (?:errors?|failures?|failed|failing|problems?|offenses?|warnings?|tests? failed|issues?|violations?)/i,
  command: /^(?:[$+>%#] ?\S|travis_|##\[|\[command\]|::)/,
  timing: /\b(?:in|after|took|time:?|elapsed:?) ?[\d.]{1,10} ?(?:ms|s|sec|seconds|m)\b|\([\d.]{1,10} ?m?s\)/i,
  percent: /\d%/,
  url: /https?:\/\//,
  exits:
    /exit(?:ed)?(?: with)?(?: code| status)?:? [1-9]|exit code|returned .{0,20}\d|non-zero|Error \d{1,3}$|Command failed|BUILD FAIL|Build fail|build failed/,
  makeError:
    /^(?:g?make(?:\[\d+\])?: \*\*\*|ninja: |npm ERR!|npm error|error Command failed|lerna ERR|rake aborted|\[ERROR\] (?:To see|Re-run|For more|$|->))/,
  wrapperHelp:
    /(?:additional logging|--stacktrace|--info|--debug|A complete log|see above|see the full|For more information|Run with|Re-run Maven|log can be found|please report|Try:|\[Help \d\])/i,
  diff: /^[+-](?![+-]{2})|^@@ /,
  keyValue: /^[\w .-]{1,30}: \S/,
  quoted: /[`'"‘“][^`'"’”]{1,200}[`'"’”]/,
  colonEnd: /:$/,
  test: /\b(?:test|spec|should|it |describe|suite)\b/i,
  envSet: /^(?:export |declare |[A-Z_]{3,40}=)/,
  bracket: /^[[({<]/,
  installer:
    /^(?:Get:|Unpacking|Selecting|Setting up|Preparing|Processing|Reading|Building|remote:|Receiving|Resolving|Collecting|Downloading|Installing|Using|Fetching|Requirement|added|Updating|Progress)/,
} as const satisfies Record<string, RegExp>;

const shapeNames = Object.keys(shapes) as readonly (keyof typeof shapes)[];
const shapeList = shapeNames.map((name) => shapes[name]);
// oxlint-disable-next-line no-control-regex
const red = /\u001b\[(?:\d{1,3};){0,3}(?:31|91|41)(?:;\d{1,3})*m|\[(?:\d;)?31m/;
// oxlint-disable-next-line no-control-regex
const green = /\u001b\[(?:\d{1,3};){0,3}(?:32|92)(?:;\d{1,3})*m/;

const own = [
  ...cues,
  ...shapeNames,
  'red',
  'green',
  'coloured',
  'length',
  'indent',
  'digits',
  'upper',
  'symbols',
  'ruleStrength',
] as const;

/** Names of what is looked at around a line. */
const around = [
  'frequency',
  'beforeExit',
  'afterSection',
  'inSection',
  'sectionShare',
  'position',
  'fromEnd',
  'blankBefore',
  'blankAfter',
  'indentStep',
  'cuesNear',
  'cuesWide',
  'strongAbove',
  'strongBelow',
  'redNear',
  'framesNear',
  'sameHeadBefore',
  'sameHeadAfter',
  'ruleNear',
  'firstStrong',
] as const;

/** The line's own features that its neighbours see too. */
const shared = [
  'error',
  'fail',
  'exception',
  'negative',
  'expectation',
  'fine',
  'frame',
  'location',
  'levelError',
  'levelInfo',
  'red',
  'typeColon',
  'command',
  'exits',
  'indent',
  'makeError',
] as const;
const offsets = [-3, -2, -1, 1, 2, 3] as const;

/** Names of all features, in the order of a row. */
export const featureNames: readonly string[] = [
  ...own,
  ...around,
  ...offsets.flatMap((offset) => shared.map((name) => `${name}@${offset}`)),
];

const place = (name: (typeof own)[number]): number => own.indexOf(name);
const sharedPlaces = shared.map(place);
const strongPlaces = (['error', 'fail', 'exception', 'crash', 'negative'] as const).map(place);
const cueCount = cues.length;
const shapeStart = cueCount;
const rest = cueCount + shapeNames.length;

/** What is known of a line beside the log. */
export interface FeatureInput {
  readonly log: PreparedLog;
  readonly strength: RuleStrength;
}

const log2 = (value: number): number => Math.log2(1 + Math.max(0, value));

/** Rows of features for the lines [first, last], `featureNames.length` numbers each. */
export function lineFeatures({ log, strength }: FeatureInput, first: number, last: number): Float32Array {
  const width = featureNames.length;
  const count = last - first + 1;
  const margin = 24;
  const from = Math.max(0, first - margin);
  const to = Math.min(log.clean.length - 1, last + margin);
  const ownRows = new Float32Array((to - from + 1) * own.length);
  for (let line = from; line <= to; line += 1)
    fillOwn(log, strength, line, ownRows, (line - from) * own.length);
  const rows = new Float32Array(count * width);
  const strong = new Uint8Array(to - from + 1);
  for (let line = from; line <= to; line += 1) {
    const at = (line - from) * own.length;
    let sum = 0;
    for (const cue of strongPlaces) sum += ownRows[at + cue] as number;
    strong[line - from] = sum > 0 || (ownRows[at + place('red')] as number) > 0 ? 1 : 0;
  }
  let strongSeen = -1000;
  for (let line = from; line < first; line += 1) if (strong[line - from] === 1) strongSeen = line;
  const redPlace = place('red');
  const framePlace = place('frame');
  const rulePlace = place('ruleStrength');
  const indentPlace = place('indent');
  for (let line = first; line <= last; line += 1) {
    const at = (line - first) * width;
    const ownAt = (line - from) * own.length;
    for (let index = 0; index < own.length; index += 1) rows[at + index] = ownRows[ownAt + index] as number;
    let next = at + own.length;
    const put = (value: number): void => {
      rows[next] = value;
      next += 1;
    };
    let near = 0;
    let wide = 0;
    let redNear = 0;
    let framesNear = 0;
    let ruleNear = 0;
    let below = 1000;
    for (let other = Math.max(from, line - 20); other <= Math.min(to, line + 20); other += 1) {
      const isStrong = strong[other - from] as number;
      wide += isStrong;
      if (other > line && isStrong === 1 && below === 1000) below = other - line;
      if (other < line - 5 || other > line + 5) continue;
      near += isStrong;
      const otherAt = (other - from) * own.length;
      redNear += ownRows[otherAt + redPlace] as number;
      framesNear += ownRows[otherAt + framePlace] as number;
      ruleNear = Math.max(ruleNear, ownRows[otherAt + rulePlace] as number);
    }
    const clean = log.clean;
    const total = clean.length;
    put(log2((log.frequency[line] as number) - 1));
    put(line <= log.exit ? log2(log.exit - line) : -log2(line - log.exit));
    put(line >= log.sectionStart ? log2(line - log.sectionStart) : -log2(log.sectionStart - line));
    put(line >= log.sectionStart && line <= log.exit ? 1 : 0);
    put(log.exit > log.sectionStart ? (line - log.sectionStart) / (log.exit - log.sectionStart) : 0);
    put(line / total);
    put(log2(total - line));
    put(line === 0 || clean[line - 1] === '' ? 1 : 0);
    put(line + 1 >= total || clean[line + 1] === '' ? 1 : 0);
    put(line === 0 ? 0 : (ownRows[ownAt + indentPlace] as number) - indentOf(log.raw[line - 1] as string));
    put(near);
    put(wide);
    put(log2(Math.min(line - strongSeen, 63)));
    put(log2(Math.min(below, 63)));
    put(redNear);
    put(framesNear);
    put(headsAgree(clean, line, line - 1));
    put(headsAgree(clean, line, line + 1));
    put(ruleNear);
    put(strong[line - from] === 1 && line - strongSeen > 20 ? 1 : 0);
    if (strong[line - from] === 1) strongSeen = line;
    for (const offset of offsets) {
      const other = line + offset;
      const known = other >= from && other <= to;
      const otherAt = (other - from) * own.length;
      for (const index of sharedPlaces) put(known ? (ownRows[otherAt + index] as number) : 0);
    }
  }
  return rows;
}

function headsAgree(clean: readonly string[], line: number, other: number): number {
  const a = clean[line];
  const b = clean[other];
  if (a === undefined || b === undefined || a.length < 3 || b.length < 3) return 0;
  return a.slice(0, 3) === b.slice(0, 3) ? 1 : 0;
}

function indentOf(raw: string): number {
  let at = 0;
  while (at < 40 && (raw.charCodeAt(at) === 0x20 || raw.charCodeAt(at) === 0x09)) at += 1;
  return Math.min(at, 20);
}

function fillOwn(
  log: PreparedLog,
  strength: RuleStrength,
  line: number,
  rows: Float32Array,
  at: number,
): void {
  const text = log.clean[line] as string;
  const raw = log.raw[line] as string;
  for (let index = 0; index < cueCount; index += 1)
    rows[at + index] = Math.min(3, log.counts[line * cueCount + index] as number);
  const cut = text.length > 400 ? text.slice(0, 400) : text;
  for (let index = 0; index < shapeList.length; index += 1) {
    rows[at + shapeStart + index] = (shapeList[index] as RegExp).test(cut) ? 1 : 0;
  }
  const coloured = raw.includes('\u001b[') || raw.includes('[3') ? 1 : 0;
  const head = coloured === 1 && raw.length > 600 ? raw.slice(0, 600) : raw;
  let digits = 0;
  let upper = 0;
  let symbols = 0;
  for (let index = 0; index < cut.length; index += 1) {
    const code = cut.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) digits += 1;
    else if (code >= 0x41 && code <= 0x5a) upper += 1;
    else if (code < 0x61 || code > 0x7a) symbols += 1;
  }
  const length = Math.max(1, cut.length);
  rows[at + rest] = coloured === 1 && red.test(head) ? 1 : 0;
  rows[at + rest + 1] = coloured === 1 && green.test(head) ? 1 : 0;
  rows[at + rest + 2] = coloured;
  rows[at + rest + 3] = log2(text.length);
  rows[at + rest + 4] = indentOf(raw);
  rows[at + rest + 5] = digits / length;
  rows[at + rest + 6] = upper / length;
  rows[at + rest + 7] = symbols / length;
  rows[at + rest + 8] = strength[line] ?? 0;
}

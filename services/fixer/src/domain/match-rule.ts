import type { ErrorRecord, FixProposal } from '@faultline/schemas';
import { hashOf } from '@faultline/stream';
import { isAllowedPath } from './allowed-path.ts';
import type { FixRule } from './fix-rule.ts';
import type { Line } from './lines.ts';
import { moduleToPackage } from './packages.ts';
import { hasShape, shellWord } from './shapes.ts';

/** Digits of a proposal id: 128 bits. */
const ID_DIGITS = 32;
/** What a match is worth where the classifier sees another category, none, or where the line is not decisive. */
const OTHER_CATEGORY = 0.7;
const UNKNOWN_CATEGORY = 0.9;
const NOT_DECISIVE = 0.8;
/** A quoted line is cut to this length. */
const QUOTE_LENGTH = 200;

/** Id of a proposal: the same fix has the same id on every record, so that what it came to can be counted. */
export const proposalId = (kind: FixProposal['kind'], body: string): string =>
  hashOf('fix', kind, body).slice(0, ID_DIGITS);

const expressions = new Map<string, RegExp>();

/** Rules are few and immutable, so each is compiled once. */
function compiled(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  const expression = new RegExp(pattern, 'i');
  expressions.set(pattern, expression);
  return expression;
}

type Captures = Readonly<Record<string, string>>;

/** Captures in their shapes; undefined where one has another shape or is a path that no fix may touch. */
function capturesOf(
  rule: FixRule,
  found: RegExpExecArray,
  allowedPaths: readonly string[],
): Captures | undefined {
  const captures: Record<string, string> = {};
  for (const [name, shape] of Object.entries(rule.when.captures)) {
    const raw = found.groups?.[name];
    if (raw === undefined) return undefined;
    const value = moduleToPackage(shape, raw);
    if (!hasShape(shape, value)) return undefined;
    if (shape === 'repository-path' && !isAllowedPath(value, allowedPaths)) return undefined;
    captures[name] = value;
  }
  return captures;
}

const fill = (template: string, captures: Captures, quote: (value: string) => string): string =>
  template.replaceAll(/\{([a-z]+)\}/gi, (whole, name: string) => {
    const value = captures[name];
    return value === undefined ? whole : quote(value);
  });

function categoryWeight(rule: FixRule, record: ErrorRecord): readonly [weight: number, said: string] {
  const category = record.classification?.category ?? 'unknown';
  if (category === 'unknown') return [UNKNOWN_CATEGORY, 'the category is not known'];
  const agrees = rule.when.categories.some((own) => category === own || category.startsWith(`${own}.`));
  return agrees
    ? [1, `the category ${category} agrees`]
    : [OTHER_CATEGORY, `the category ${category} speaks of something else`];
}

/**
 * The proposal of a rule for a record, before learning; undefined where it does not apply. Values out of the
 * text go through their shapes and through shell quotes, and paths through the allow-list.
 */
export function matchRule(
  rule: FixRule,
  record: ErrorRecord,
  lines: readonly Line[],
  allowedPaths: readonly string[],
): FixProposal | undefined {
  const expression = compiled(rule.when.pattern);
  for (const line of lines) {
    if (!line.text.toLowerCase().includes(rule.when.needle)) continue;
    const found = expression.exec(line.text);
    if (found === null) continue;
    const captures = capturesOf(rule, found, allowedPaths);
    if (captures === undefined) continue;
    return propose(rule, record, line, captures, allowedPaths);
  }
  return undefined;
}

function propose(
  rule: FixRule,
  record: ErrorRecord,
  line: Line,
  captures: Captures,
  allowedPaths: readonly string[],
): FixProposal | undefined {
  const { then, when, why } = rule;
  const files = then.files.map((file) => fill(file, captures, String));
  if (!files.every((file) => isAllowedPath(file, allowedPaths))) return undefined;
  const [weight, said] = categoryWeight(rule, record);
  const body = fill(then.body, captures, then.kind === 'command' ? shellWord : String);
  const fromLog = Object.values(captures);
  return {
    id: proposalId(then.kind, body),
    kind: then.kind,
    tier: 'rule',
    ruleId: rule.id,
    title: fill(then.title, captures, String),
    body,
    files,
    confidence: then.confidence * weight * (line.decisive ? 1 : NOT_DECISIVE),
    risk: then.risk,
    evidence: [
      line.text.slice(0, QUOTE_LENGTH),
      why,
      said,
      ...(fromLog.length > 0 ? [`taken from the log, to be checked: ${fromLog.join(', ')}`] : []),
      ...(when.categories.length > 0 && !line.decisive ? ['the line is not among the decisive ones'] : []),
    ],
    validation: then.validation.map((command) => fill(command, captures, shellWord)),
    verification: 'none',
  };
}

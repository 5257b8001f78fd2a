import { classificationRetryClassValues } from '@faultline/schemas';
import { severities } from '../severity.ts';
import { categoryDefaults } from '../taxonomy/categories.ts';
import { RuleSet } from './rule-set.ts';
import type { Rule, RulePack } from './rule.ts';

/** A rule pack is malformed; the message names the rule and the field. */
export class RulePackInvalid extends Error {
  constructor(where: string, why: string) {
    super(`${where}: ${why}`);
    this.name = 'RulePackInvalid';
  }
}

type Fields = Readonly<Record<string, unknown>>;

const known = new Set([
  'id',
  'patterns',
  'unless',
  'also',
  'exitCodes',
  'category',
  'errorType',
  'severity',
  'retryClass',
  'tool',
  'cause',
  'remedy',
  'strength',
  'origin',
]);

const strengths = ['specific', 'general', 'wrapper'] as const;

/** Checks a stored rule pack and compiles each pattern once, so that a bad one never reaches a record. */
export function parseRulePack(stored: unknown): RulePack {
  const { format, rules } = fields(stored, 'rule pack');
  if (format !== 1)
    throw new RulePackInvalid('rule pack', `format ${String(format)} is not known; this version reads 1`);
  if (!Array.isArray(rules)) throw new RulePackInvalid('rule pack', 'rules is not a list');
  const parsed = rules.map((rule, index) => parseRule(rule, `rule ${index + 1}`, 'own'));
  const twice = parsed.find((rule, index) => parsed.findIndex(({ id }) => id === rule.id) !== index);
  if (twice !== undefined) throw new RulePackInvalid(`rule ${twice.id}`, 'the id stands twice');
  const pack: RulePack = { format: 1, rules: parsed };
  new RuleSet(pack);
  return pack;
}

/** Checks one rule. What is left out stands at the defaults of its category. */
export function parseRule(value: unknown, where: string, origin: Rule['origin']): Rule {
  const rule = fields(value, where);
  const id = text(rule, 'id', where);
  const at = `rule ${id}`;
  if (!/^[a-z0-9][a-z0-9.-]{1,79}$/.test(id))
    throw new RulePackInvalid(at, 'id is not kebab-case of 2 to 80 characters');
  const strange = Object.keys(rule).find((name) => !known.has(name));
  if (strange !== undefined) throw new RulePackInvalid(at, `the field ${strange} is not known`);
  const category = text(rule, 'category', at);
  const defaults = categoryDefaults(category);
  const patterns = texts(rule, 'patterns', at) ?? [];
  if (patterns.length === 0) throw new RulePackInvalid(at, 'patterns is empty');
  const exitCodes = rule['exitCodes'];
  if (
    exitCodes !== undefined &&
    !(Array.isArray(exitCodes) && exitCodes.every((code) => Number.isInteger(code)))
  ) {
    throw new RulePackInvalid(at, 'exitCodes is not a list of whole numbers');
  }
  const unless = texts(rule, 'unless', at);
  const also = texts(rule, 'also', at);
  const tool = rule['tool'];
  return {
    id,
    patterns,
    ...(unless === undefined ? {} : { unless }),
    ...(also === undefined ? {} : { also }),
    ...(exitCodes === undefined ? {} : { exitCodes: exitCodes as readonly number[] }),
    category,
    errorType: rule['errorType'] === undefined ? defaults.errorType : text(rule, 'errorType', at),
    severity: choice(rule, 'severity', severities, defaults.severity, at),
    retryClass: choice(rule, 'retryClass', classificationRetryClassValues, defaults.retryClass, at),
    ...(tool === undefined ? {} : { tool: text(rule, 'tool', at) }),
    cause: rule['cause'] === undefined ? defaults.cause : text(rule, 'cause', at),
    remedy: text(rule, 'remedy', at),
    strength: choice(rule, 'strength', strengths, 'specific', at),
    origin: choice(rule, 'origin', ['own', 'user'] as const, origin, at),
  };
}

function fields(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RulePackInvalid(where, 'is not an object');
  return value as Fields;
}

function text(from: Fields, name: string, where: string): string {
  const value = from[name];
  if (typeof value !== 'string' || value.trim() === '')
    throw new RulePackInvalid(where, `${name} is not a text`);
  return value;
}

function texts(from: Fields, name: string, where: string): readonly string[] | undefined {
  const value = from[name];
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string' && item !== '')) {
    throw new RulePackInvalid(where, `${name} is not a list of texts`);
  }
  return value as readonly string[];
}

function choice<Choice extends string>(
  from: Fields,
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
  where: string,
): Choice {
  const value = from[name];
  if (value === undefined) return otherwise;
  const found = choices.find((one) => one === value);
  if (found === undefined) throw new RulePackInvalid(where, `${name} is none of ${choices.join(', ')}`);
  return found;
}

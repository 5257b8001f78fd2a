import { parse } from 'yaml';
import { parseRule, RulePackInvalid } from '../domain/rules/parse-rule-pack.ts';
import { mergeRules } from '../domain/rules/merge-rules.ts';
import type { Rule, RulePack } from '../domain/rules/rule.ts';

/** What proves a rule: a text that it must match, word for word as somebody's tool printed it. */
export interface Fixture {
  readonly text: string;
  /** Where the text stands: a path in the corpus or a public address. */
  readonly source: string;
  /** Exit code that goes with it, where the rule asks for one. */
  readonly exitCode?: number;
}

/** A rule as it stands in a file, with its fixture. */
export interface RuleEntry {
  readonly rule: Rule;
  readonly fixture: Fixture | undefined;
}

/** One file of rules. */
export interface RuleFile {
  readonly name: string;
  readonly text: string;
}

/** Most aliases that one YAML document may hold, so that a small file cannot unfold without end. */
const MAX_ALIASES = 100;

/** Reads rules from the text of a YAML file: a list of rules, each with an optional fixture. */
export function parseRuleFile(file: RuleFile, origin: Rule['origin']): readonly RuleEntry[] {
  const list: unknown = parse(file.text, { maxAliasCount: MAX_ALIASES, prettyErrors: true });
  if (list === null || list === undefined) return [];
  if (!Array.isArray(list)) throw new RulePackInvalid(file.name, 'is not a list of rules');
  return list.map((entry: unknown, index) => {
    const where = `${file.name}, rule ${index + 1}`;
    if (typeof entry !== 'object' || entry === null) throw new RulePackInvalid(where, 'is not an object');
    const { fixture, source, fixtureExitCode, ...fields } = entry as Readonly<Record<string, unknown>>;
    return {
      rule: parseRule(fields, where, origin),
      fixture: parseFixture(fixture, source, fixtureExitCode, where),
    };
  });
}

/** The pack of several files, in the order of their names; user rules may be laid over another pack. */
export function packOf(files: readonly RuleFile[], origin: Rule['origin'], base?: RulePack): RulePack {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rules = sorted.flatMap((file) => parseRuleFile(file, origin)).map(({ rule }) => rule);
  return base === undefined ? { format: 1, rules } : mergeRules(base, rules);
}

function parseFixture(text: unknown, source: unknown, exitCode: unknown, where: string): Fixture | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string' || typeof source !== 'string')
    throw new RulePackInvalid(where, 'a fixture needs a text and a source');
  return { text, source, ...(typeof exitCode === 'number' ? { exitCode } : {}) };
}

import type { Rule, RulePack } from './rule.ts';

/** A pack with a user's rules: one with a known id takes that rule's place, the others come first. */
export function mergeRules(base: RulePack, added: readonly Rule[]): RulePack {
  const byId = new Map(added.map((rule) => [rule.id, rule]));
  const kept = base.rules.map((rule) => byId.get(rule.id) ?? rule);
  const baseIds = new Set(base.rules.map(({ id }) => id));
  return { format: 1, rules: [...added.filter(({ id }) => !baseIds.has(id)), ...kept] };
}

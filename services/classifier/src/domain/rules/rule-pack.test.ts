import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { generatedPack } from '../../../rules/generate.ts';
import { parseRuleFile, type RuleEntry } from '../../edge/rule-files.ts';
import { decidingRule } from './deciding-rule.ts';
import { baselinePack } from './pack.generated.ts';
import { RuleSet } from './rule-set.ts';

const folder = fileURLToPath(new URL('../../../rules/', import.meta.url));
const repository = fileURLToPath(new URL('../../../../../', import.meta.url));
const entries: readonly RuleEntry[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .flatMap((name) => parseRuleFile({ name, text: readFileSync(folder + name, 'utf8') }, 'own'));
const proven = entries.filter((entry) => entry.fixture !== undefined);
const whole = new RuleSet(baselinePack);

describe('the rule pack', () => {
  it('is what its files give', async () => {
    const committed = readFileSync(fileURLToPath(new URL('./pack.generated.ts', import.meta.url)), 'utf8');
    expect(await generatedPack()).toBe(committed);
  });

  it('holds at least 150 rules that a fixture proves, each with cause and remedy', () => {
    expect(proven.length).toBeGreaterThanOrEqual(150);
    for (const { rule } of entries) {
      expect(rule.cause.length, rule.id).toBeGreaterThan(10);
      expect(rule.remedy.length, rule.id).toBeGreaterThan(5);
      expect(rule.errorType, rule.id).toMatch(/^[A-Z_]+$/);
    }
  });

  it.each(proven.map((entry) => [entry.rule.id, entry] as const))(
    '%s decides its fixture, and nothing else would',
    (id, entry) => {
      const text = entry.fixture?.text ?? '';
      const exitCode = entry.fixture?.exitCode ?? null;
      expect(decidingRule(whole, text, exitCode)).toBe(id);
      const without = {
        ...baselinePack,
        rules: baselinePack.rules.filter((rule) => rule.id !== id && shares(rule.patterns, text)),
      };
      expect(decidingRule(new RuleSet(without), text, exitCode)).not.toBe(id);
    },
  );

  it('decides every proven text by the rule that is written beside it, apart from the rules themselves', () => {
    const proofs = JSON.parse(readFileSync(`${folder}proofs.json`, 'utf8')) as readonly {
      readonly rule: string;
      readonly text: string;
    }[];
    expect(proofs.length).toBeGreaterThanOrEqual(proven.length);
    for (const { rule, text } of proofs) expect(decidingRule(whole, text), rule).toBe(rule);
  });

  it('takes its fixtures word for word from where they say', () => {
    for (const { rule, fixture } of proven) {
      if (fixture === undefined || !fixture.source.startsWith('test/corpus/data/')) continue;
      expect(readFileSync(repository + fixture.source, 'utf8'), rule.id).toContain(fixture.text);
    }
  });
});

/** Whether any pattern may match: keeps the packs of the test small. */
const shares = (patterns: readonly string[], text: string): boolean =>
  new RuleSet({
    format: 1,
    rules: [
      {
        id: 'x',
        patterns,
        category: 'x',
        errorType: 'X',
        severity: 'low',
        retryClass: 'unknown',
        cause: 'x',
        remedy: 'x',
        strength: 'specific',
        origin: 'own',
      },
    ],
  }).match([text]).length > 0;

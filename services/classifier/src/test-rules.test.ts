import { describe, expect, it } from 'vitest';
import { classifyText } from './classify-text.ts';
import { knowledgeWith, rulesFrom, testRules } from './test-rules.ts';

const file = (text: string) => ({ name: 'own.yaml', text });
const own = file(`
- id: acme-ledger
  patterns: ['ledger entry \\S+ is absent']
  category: db.data
  remedy: Replay the journal.
  fixture: ledger entry 7 is absent
  source: docs/ledger.md
- id: disk-full
  patterns: ['No space left on device']
  category: disk.full
  remedy: Ask the platform team.
`);
const samples = [
  { name: 'a', text: 'ledger entry 9 is absent', passed: false },
  { name: 'b', text: 'write failed: No space left on device', passed: false },
  { name: 'ok', text: 'all fine', passed: true },
];

describe('user rules', () => {
  it('add to the shipped ones and take the place of those with their id', () => {
    const knowledge = knowledgeWith(rulesFrom([own]));
    expect(classifyText('ledger entry 9 is absent', { knowledge }).classification).toMatchObject({
      ruleId: 'acme-ledger',
      errorType: 'DATABASE_ERROR',
    });
    expect(classifyText('No space left on device', { knowledge }).classification.remedy).toBe(
      'Ask the platform team.',
    );
    expect(classifyText('npm error code EINTEGRITY', { knowledge }).classification.ruleId).toBe(
      'npm-integrity',
    );
  });

  it('are tried: hits, fixtures and steals', () => {
    const report = testRules(
      [own, file("- { id: my-disk, patterns: ['space left'], category: disk.full, remedy: Prune it. }")],
      samples,
    );
    expect(report.ok).toBe(true);
    expect(report.rules.find(({ id }) => id === 'acme-ledger')).toMatchObject({
      hits: ['a'],
      fixture: true,
      refused: null,
    });
    expect(report.rules.find(({ id }) => id === 'my-disk')).toMatchObject({
      hits: ['b'],
      steals: [{ log: 'b', from: 'disk-full' }],
      overlaps: [{ rule: 'disk-full', logs: 1 }],
    });
  });

  it('are refused where they hit more than one in ten passing logs, with the counts', () => {
    const report = testRules(
      [file("- { id: too-broad, patterns: ['fine'], category: lint, remedy: Nothing. }")],
      samples,
    );
    expect(report.ok).toBe(false);
    expect(report.rules[0]?.refused).toContain('1 of 1 passing logs');
  });

  it.each([
    ["- { id: x1, patterns: ['('], category: lint, remedy: Mend it. }", 'refused'],
    ['- { id: x1, patterns: [], category: lint, remedy: Mend it. }', 'patterns is empty'],
    ["- { id: x1, patterns: ['a'], category: lint }", 'remedy'],
    ["- { id: x1, patterns: ['a'], category: lint, remedy: m, colour: red }", 'colour'],
    ['id: x', 'is not a list'],
  ])('are checked: %s', (text, message) => {
    expect(() => testRules([file(text)], samples)).toThrow(message);
  });
});

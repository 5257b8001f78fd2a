import { baselineSnapshots, hashOf, type Knowledge } from '@faultline/stream';
import { classifierKnowledge, type ClassifierBodies } from './domain/knowledge.ts';
import { baselinePack } from './domain/rules/pack.generated.ts';
import { RuleSet } from './domain/rules/rule-set.ts';
import type { RulePack } from './domain/rules/rule.ts';
import { cleanLine } from './domain/text/clean-line.ts';
import { splitLines } from './domain/text/split-lines.ts';
import { packOf, parseRuleFile, type RuleFile } from './edge/rule-files.ts';

/** A log that rules are tried on. */
export interface SampleLog {
  readonly name: string;
  readonly text: string;
  /** Whether the run passed: a rule that hits too many of those says nothing. */
  readonly passed: boolean;
}

/** Share of the passing logs that a rule may hit, at most. */
export const MAX_PASSING_SHARE = 0.1;

/** What one of the user's rules does. */
export interface RuleReport {
  readonly id: string;
  /** Failed logs that it hits. */
  readonly hits: readonly string[];
  /** Logs that another rule decided before and that it decides now. */
  readonly steals: readonly { readonly log: string; readonly from: string }[];
  /** Other rules that hit the same line. */
  readonly overlaps: readonly { readonly rule: string; readonly logs: number }[];
  readonly passingHits: number;
  readonly passingLogs: number;
  /** Whether its own fixture is hit; null where it has none. */
  readonly fixture: boolean | null;
  /** Why it is refused; null where it is not. */
  readonly refused: string | null;
}

/** What `faultline rules test` shows. */
export interface RulesReport {
  readonly ok: boolean;
  readonly rules: readonly RuleReport[];
  readonly failedLogs: number;
  readonly passingLogs: number;
}

/** A pack with the rules of some YAML files laid over the shipped ones. Throws where a file is malformed. */
export function rulesFrom(files: readonly RuleFile[], base: RulePack = baselinePack): RulePack {
  return packOf(files, 'user', base);
}

/** Knowledge with another rule pack than the shipped one. */
export function knowledgeWith(rules: RulePack): Knowledge<ClassifierBodies> {
  const shipped = baselineSnapshots(classifierKnowledge);
  return { ...shipped, rules: { version: 'local', sha256: hashOf(JSON.stringify(rules)), body: rules } };
}

/** Tries a user's rules on logs: hits, steals, overlaps, and whether any hits too many passing logs. */
export function testRules(
  files: readonly RuleFile[],
  samples: readonly SampleLog[],
  base: RulePack = baselinePack,
): RulesReport {
  const entries = files.flatMap((file) => parseRuleFile(file, 'user'));
  const before = new RuleSet(base);
  const after = new RuleSet(packOf(files, 'user', base));
  const logs = samples.map((sample) => ({
    ...sample,
    lines: splitLines(sample.text).map((line) => cleanLine(line)),
  }));
  const failed = logs
    .filter(({ passed }) => !passed)
    .map((log) => ({
      log,
      was: winner(before, log.lines),
      is: winner(after, log.lines),
      hits: after.match(log.lines),
    }));
  const passing = logs
    .filter(({ passed }) => passed)
    .map(({ lines }) => new Set(after.match(lines).map(({ rule }) => rule.id)));
  const rules = entries.map(({ rule, fixture }): RuleReport => {
    const mine = failed.filter(({ hits }) => hits.some((hit) => hit.rule.id === rule.id));
    const overlaps = new Map<string, number>();
    for (const { hits } of mine) {
      const line = hits.find((hit) => hit.rule.id === rule.id)?.line;
      for (const hit of hits)
        if (hit.rule.id !== rule.id && hit.line === line)
          overlaps.set(hit.rule.id, (overlaps.get(hit.rule.id) ?? 0) + 1);
    }
    const passingHits = passing.filter((ids) => ids.has(rule.id)).length;
    const share = passing.length === 0 ? 0 : passingHits / passing.length;
    const alone = new RuleSet({ format: 1, rules: [rule] });
    const fixed =
      fixture === undefined
        ? null
        : alone.match(
            splitLines(fixture.text).map((line) => cleanLine(line)),
            fixture.exitCode ?? null,
          ).length > 0;
    const refused =
      share > MAX_PASSING_SHARE
        ? `hits ${passingHits} of ${passing.length} passing logs, more than ${MAX_PASSING_SHARE * 100} %`
        : fixed === false
          ? 'does not match its own fixture'
          : null;
    return {
      id: rule.id,
      hits: mine.map(({ log }) => log.name),
      steals: mine.flatMap(({ log, was, is }) =>
        is === rule.id && was !== undefined && was !== rule.id ? [{ log: log.name, from: was }] : [],
      ),
      overlaps: [...overlaps].map(([id, count]) => ({ rule: id, logs: count })),
      passingHits,
      passingLogs: passing.length,
      fixture: fixed,
      refused,
    };
  });
  return {
    ok: rules.every(({ refused }) => refused === null),
    rules,
    failedLogs: failed.length,
    passingLogs: passing.length,
  };
}

/** The rule that decides a log: the first specific one, else the first general one. */
function winner(rules: RuleSet, lines: readonly string[]): string | undefined {
  const hits = rules.match(lines).filter(({ rule }) => rule.strength !== 'wrapper');
  return (hits.find(({ rule }) => rule.strength === 'specific') ?? hits[0])?.rule.id;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorRecord, FixProposal, FixState } from '@faultline/schemas';
import { advance, baselineSnapshots, snapshotOf } from '@faultline/stream';
import { arbitraryRawRecord, stageLaws } from '@faultline/stream/testing';
import { baselineFixRules } from './domain/baseline-fix-rules.ts';
import type { FixRules } from './domain/fix-rules.ts';
import { proposalId } from './domain/match-rule.ts';
import { createFixerStage } from './stage.ts';
import { ruleSamples } from './testing/rule-samples.ts';
import { classified, fixableRecord, logOf, T0 } from './testing/records.ts';

const stage = createFixerStage({ enabled: true });

const sampleText = fc.constantFrom(...ruleSamples.map(({ line }) => line));
const inputs = fc
  .record({
    record: arbitraryRawRecord,
    cause: fc.option(fc.oneof(sampleText, fc.string({ unit: 'binary' })), { nil: null }),
    category: fc.constantFrom('dep.lockfile', 'unknown', 'constructor', '__proto__', ''),
    region: fc.array(
      fc.record({ first: fc.integer({ min: -9, max: 50 }), last: fc.integer({ min: -9, max: 50 }) }),
    ),
    isClassified: fc.boolean(),
  })
  .map(({ record, cause, category, region, isClassified }) => ({
    record: {
      ...record,
      classification: isClassified
        ? classified({ category, region, causeLine: cause === null ? null : { line: 0, text: cause } })
        : null,
    },
    topic: 'errors.fixable' as const,
  }));

stageLaws({ stage, inputs, runs: 100 });

function decide(record: ErrorRecord, rules?: FixRules, now = T0) {
  const knowledge =
    rules === undefined ? baselineSnapshots(stage.knowledge) : { 'fix-rules': snapshotOf('1', rules) };
  const input = { topic: 'errors.fixable' as const, partition: 0, offset: 1 };
  const {
    outcome,
    record: next,
    move,
  } = advance({ stage, record, input, answers: {}, knowledge, now, traceparent: null });
  return { outcome, move, fix: next?.fix as FixState };
}

const lockFile =
  'npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.';
const npmRule = 'npm.lock-out-of-sync';

describe('the fixer', () => {
  it('puts a proposal on the record and sends it on; nothing is applied', () => {
    const { outcome, move, fix } = decide(fixableRecord({ message: lockFile }));
    expect(move).toMatchObject({ kind: 'emit', to: 'errors.unresolved' });
    expect(outcome).toMatchObject({ to: 'unresolved', reason: 'proposed' });
    expect(fix).toMatchObject({ decision: 'proposed', chosen: null });
    expect(fix.proposals[0]).toMatchObject({
      kind: 'command',
      tier: 'rule',
      ruleId: npmRule,
      body: 'npm install --package-lock-only',
      files: ['package-lock.json'],
      risk: 'low',
      validation: ['npm ci'],
      verification: 'none',
    });
    expect(fix.proposals[0]?.evidence[0]).toBe(lockFile);
  });

  it('declines where no rule speaks, and where it is switched off', () => {
    expect(decide(fixableRecord()).outcome).toMatchObject({ to: 'unresolved', reason: 'declined' });
    const off = createFixerStage({ enabled: false });
    const [move] = off.decide(
      fixableRecord({ message: lockFile }),
      {},
      baselineSnapshots(off.knowledge),
      T0,
      () => 0,
    );
    expect(move).toMatchObject({ kind: 'emit', reason: 'declined', record: { fix: { proposals: [] } } });
  });

  it('finds the line in evidence, cause, stack and log, colours or not', () => {
    const places: readonly ErrorRecord[] = [
      fixableRecord({}, { causeLine: { line: 3, text: lockFile } }),
      fixableRecord({}, { evidence: [{ kind: 'pattern', id: null, text: lockFile, line: 1, weight: null }] }),
      fixableRecord({ stack: `x\r\n${lockFile}\r\ny` }),
      fixableRecord({ log: logOf('a', lockFile, 'b') }),
      fixableRecord({ message: `\u001b[31m${lockFile.slice(0, 40)}\u001b[1m${lockFile.slice(40)}\u001b[0m` }),
    ];
    expect(places.map((record) => decide(record).fix.proposals[0]?.ruleId)).toEqual(
      places.map(() => npmRule),
    );
  });

  it('is less sure where the line is not decisive or the category is another', () => {
    const sure = (record: ErrorRecord) => decide(record).fix.proposals[0]?.confidence ?? 0;
    const cause = sure(fixableRecord({ message: lockFile }));
    expect(cause).toBeCloseTo(0.9);
    expect(sure(fixableRecord({ log: logOf(lockFile) }))).toBeCloseTo(0.72);
    expect(sure(fixableRecord({ message: lockFile }, { category: 'code.compile' }))).toBeCloseTo(0.63);
    expect(sure(fixableRecord({ message: lockFile }, { category: 'unknown' }))).toBeCloseTo(0.81);
  });

  it('says whether the best proposal would be sure enough to be applied', () => {
    const rules = { ...baselineFixRules, thresholds: { propose: 0.5, apply: 0.95 } };
    expect(decide(fixableRecord({ message: lockFile })).fix.reason).toContain(
      'sure enough to be applied once verified',
    );
    expect(decide(fixableRecord({ message: lockFile }), rules).fix.reason).toContain('to be looked at');
  });

  it('proposes from the threshold on, and says what stayed below', () => {
    const at = (propose: number) =>
      decide(fixableRecord({ message: lockFile }), {
        ...baselineFixRules,
        thresholds: { propose, apply: 1 },
      });
    expect(at(0.9).fix.decision).toBe('proposed');
    expect(at(0.91).fix).toMatchObject({ decision: 'declined', proposals: [] });
    expect(at(0.91).fix.reason).toContain(`${npmRule} is below the threshold`);
  });

  it('puts the best first and no more than the limit', () => {
    const log = logOf(...ruleSamples.map(({ line }) => line));
    const { proposals } = decide(fixableRecord({ log }, { category: 'unknown' })).fix;
    expect(proposals).toHaveLength(3);
    const confidences = proposals.map(({ confidence }) => confidence);
    expect([...confidences].sort((a, b) => b - a)).toEqual(confidences);
  });
});

describe('what was learned', () => {
  const tally = (successes: number, failures: number) => ({ successes, failures, at: T0 });
  const withOutcomes = (outcomes: FixRules['outcomes']): FixRules => ({ ...baselineFixRules, outcomes });
  const record = fixableRecord({ message: lockFile });

  it('moves the confidence: of the cause more than of the category', () => {
    const confidence = (outcomes: FixRules['outcomes']) =>
      decide(record, withOutcomes(outcomes)).fix.proposals[0]?.confidence ?? 0;
    const own = confidence({ f1: { [npmRule]: tally(3, 1) } });
    const wide = confidence({ 'dep.lockfile': { [npmRule]: tally(3, 1) } });
    // Beta(0.9 * 4 + 3, 0.1 * 4 + 1) and Beta(0.9 * 4 + 0.75, 0.1 * 4 + 0.25).
    expect(own).toBeCloseTo(6.6 / 8);
    expect(wide).toBeCloseTo(4.35 / 5);
  });

  it('remembers a dead end of this cause, and tells it', () => {
    const rules = withOutcomes({ f1: { [npmRule]: tally(0, 2) } });
    const { fix } = decide(record, rules);
    expect(fix.decision).toBe('declined');
    expect(fix.reason).toContain(`${npmRule} is a dead end for this cause`);
    expect(
      decide(
        fixableRecord({ message: lockFile }, { fingerprint: { ...classified().fingerprint, id: 'f2' } }),
        rules,
      ).fix.decision,
    ).toBe('proposed');
  });

  it('forgets: after two half-lives a dead end is tried again', () => {
    const rules = withOutcomes({ f1: { [npmRule]: tally(0, 2) } });
    expect(decide(record, rules, T0 + 181 * 86_400_000).fix.decision).toBe('proposed');
    expect(decide(record, rules, T0 + 80 * 86_400_000).fix.decision).toBe('declined');
  });

  const learned = (files: readonly string[]): FixRules => ({
    ...baselineFixRules,
    learned: [
      {
        fingerprint: 'f1',
        proposal: {
          kind: 'command',
          title: 'Wipe the cache',
          body: 'make clean',
          files,
          risk: 'low',
          validation: ['make'],
        },
      },
    ],
  });

  it('is proposed where no rule speaks, for the same cause alone', () => {
    const { fix } = decide(fixableRecord(), learned([]));
    expect(fix.proposals).toMatchObject([
      { tier: 'pattern', body: 'make clean', ruleId: null, confidence: 0.6 },
    ]);
    expect(decide(record, learned([])).fix.proposals.map(({ tier }) => tier)).toEqual(['rule']);
    const other = fixableRecord({}, { fingerprint: { ...classified().fingerprint, id: 'f2' } });
    expect(decide(other, learned([])).fix.decision).toBe('declined');
  });

  it('touches no file off the list', () => {
    expect(decide(fixableRecord(), learned(['.github/workflows/ci.yml'])).fix.decision).toBe('declined');
    expect(decide(fixableRecord(), learned(['src/a.ts'])).fix.decision).toBe('proposed');
  });

  it('is not proposed again on the record on which it failed', () => {
    const first = decide(record).fix;
    const tried = first.proposals.map((proposal): FixProposal => ({ ...proposal, verification: 'failed' }));
    const { fix } = decide({ ...record, round: 1, fix: { ...first, proposals: tried } });
    expect(fix.decision).toBe('declined');
    expect(fix.reason).toContain('was tried on this record and failed');
    expect(tried[0]?.id).toBe(proposalId('command', 'npm install --package-lock-only'));
  });
});

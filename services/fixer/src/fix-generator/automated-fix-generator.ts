import type { FixProposal, FixProposalTier } from '@faultline/schemas';
import { baselineFixRules } from '../domain/baseline-fix-rules.ts';
import type { FixRule } from '../domain/fix-rule.ts';
import type { FixRules } from '../domain/fix-rules.ts';
import type { FixResult } from '../domain/posterior.ts';
import { proposeFixes } from '../domain/propose-fixes.ts';
import type { CodegenClient } from './codegen-client.ts';
import { askCodegen } from './codegen-tier.ts';
import { recordOf, type FixContext } from './error-info.ts';
import { deadEndsOf, learnOutcome, nothingLearned, type FixLearning } from './fix-memory.ts';

/** What an {@link AutomatedFixGenerator} is made with. */
export interface AutomatedFixGeneratorOptions {
  /** Whether recorded outcomes change what is proposed; on unless told. */
  readonly enableLearning?: boolean;
  /** Fixes below this are not proposed; 0.7 unless told. */
  readonly confidenceThreshold?: number;
  /** From here on a fix is sure enough to be applied once it is verified; 0.9 unless told. */
  readonly applyThreshold?: number;
  /** Asked where neither a rule nor anything learned has a fix. One without `propose` is as good as none. */
  readonly codegenClient?: Partial<CodegenClient> | null | undefined;
  /** Rules besides those that ship. */
  readonly rules?: readonly FixRule[];
  /** Files, folders (ending in `/`) and endings at the top (`*.sh`) that a fix may touch. */
  readonly allowedPaths?: readonly string[];
  /** Failed fixes of one change, over all tiers, after which nothing more is proposed; 3 unless told. */
  readonly maxFailuresPerChange?: number;
  /** Milliseconds since the epoch; the clock of the machine unless told. */
  readonly now?: () => number;
}

/** What generating came to. */
export interface GeneratedFix {
  /** Whether there is a fix to look at. */
  readonly success: boolean;
  readonly decision: 'proposed' | 'declined';
  /** The best fix. */
  readonly fix: FixProposal | null;
  /** All fixes, best first. */
  readonly proposals: readonly FixProposal[];
  /** Of the best fix; 0 where there is none. */
  readonly confidence: number;
  readonly tier: FixProposalTier | null;
  /** Whether the best fix is sure enough to be applied once it is verified. Nothing here applies it. */
  readonly sureEnoughToApply: boolean;
  /** A run of an agent that was started instead of a fix. */
  readonly run: { readonly id: string; readonly url: string | null } | null;
  readonly reason: string;
  /** Fixes that were tried for this cause and are ruled out. */
  readonly deadEnds: readonly string[];
  /** Identity of the cause, under which outcomes are learned. */
  readonly fingerprint: string;
  readonly category: string;
  /** The change that it belongs to, where the context says one: repository and ref or commit. */
  readonly change: string | null;
}

/** Counts of a generator since it was made. */
export interface FixStatistics {
  readonly generated: number;
  readonly declined: number;
  readonly byTier: Readonly<Partial<Record<FixProposalTier, number>>>;
  readonly outcomes: Readonly<Record<FixResult, number>>;
  readonly learnedFixes: number;
}

const share = (name: string, value: number): number => {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new TypeError(`${name} must be a number from 0 to 1, not ${String(value)}`);
};

/** Changes whose failed fixes are counted, the oldest forgotten first. */
const MAX_CHANGES = 10_000;
/** Failed fixes of one change (OpenHands' stuck detector stops at three). */
const MAX_FAILURES_PER_CHANGE = 3;

/** Proposes fixes: rules, then what was learned, then an AI provider; each only where the one before declined. */
export class AutomatedFixGenerator {
  readonly #options: AutomatedFixGeneratorOptions;
  readonly #thresholds: FixRules['thresholds'];
  readonly #now: () => number;
  readonly #failuresOfChange = new Map<string, number>();
  readonly #byTier = new Map<FixProposalTier, number>();
  readonly #results: Record<FixResult, number> = { mended: 0, failed: 0, reverted: 0 };
  #learning: FixLearning = nothingLearned;
  #generated = 0;
  #declined = 0;

  /** Throws a TypeError that names the option which is wrong. */
  constructor(options: AutomatedFixGeneratorOptions = {}) {
    this.#options = options;
    this.#thresholds = {
      propose: share('confidenceThreshold', options.confidenceThreshold ?? 0.7),
      apply: share('applyThreshold', options.applyThreshold ?? 0.9),
    };
    this.#now = options.now ?? (() => Date.now());
  }

  /**
   * A fix for a failure: an Error, a text, an object with what is known of it, or a record of the line. It
   * applies nothing, and does not reject for what the provider does.
   */
  async generateFix(errorInfo: unknown, context: FixContext = {}): Promise<GeneratedFix> {
    const now = this.#now();
    const record = recordOf(errorInfo, context, now);
    const fingerprint = record.classification?.fingerprint.id ?? '';
    const category = record.classification?.category ?? 'unknown';
    const deadEnds = deadEndsOf(this.#learning, fingerprint, now);
    const change = changeOf(record.event);
    const base = { fingerprint, category, change, deadEnds };
    const failures = change === null ? 0 : (this.#failuresOfChange.get(change) ?? 0);
    if (failures >= (this.#options.maxFailuresPerChange ?? MAX_FAILURES_PER_CHANGE)) {
      return this.#decline({
        ...base,
        reason: `${failures} fixes of this change failed; a person has to look`,
        run: null,
      });
    }
    const rules = this.#rules();
    const state = proposeFixes(record, rules, now);
    if (state.decision === 'proposed')
      return this.#propose({ ...base, proposals: state.proposals, reason: state.reason });
    const { codegenClient } = this.#options;
    if (codegenClient?.propose === undefined)
      return this.#decline({ ...base, reason: state.reason, run: null });
    const { signal } = context;
    const client = { propose: codegenClient.propose.bind(codegenClient) };
    const asked = await askCodegen(client, record, {
      allowedPaths: rules.allowedPaths,
      deadEnds,
      propose: this.#thresholds.propose,
      signal,
    });
    const reason = `${state.reason}; ${asked.said}`;
    const { proposal, run } = asked;
    if (proposal === undefined) return this.#decline({ ...base, reason, run });
    if (deadEnds.includes(proposal.id))
      return this.#decline({ ...base, reason: `${reason}, which is a dead end for this cause`, run });
    return this.#propose({ ...base, proposals: [proposal], reason });
  }

  /**
   * Takes in what a generated fix came to: it mended the failure, did not, or was reverted, which takes a
   * success back. Without `proposal` the best one is meant. Learns nothing where learning is off.
   */
  recordOutcome(
    generated: Pick<GeneratedFix, 'fingerprint' | 'category' | 'change' | 'fix'>,
    result: FixResult,
    proposal: FixProposal | null = generated.fix,
  ): void {
    if (proposal === null) throw new TypeError('there is no fix whose outcome could be recorded');
    this.#results[result] += 1;
    const { change, fingerprint, category } = generated;
    if (result !== 'mended' && change !== null) this.#countFailure(change);
    if (this.#options.enableLearning === false) return;
    this.#learning = learnOutcome(this.#learning, {
      fingerprint,
      category,
      proposal,
      result,
      at: this.#now(),
    });
  }

  /** What was learned, as plain data. */
  exportLearning(): FixLearning {
    return this.#learning;
  }

  /** Takes over what another generator learned, in place of what this one had. */
  importLearning(learning: FixLearning): void {
    this.#learning = learning;
  }

  /** Counts since this generator was made. */
  getStatistics(): FixStatistics {
    return {
      generated: this.#generated,
      declined: this.#declined,
      byTier: Object.fromEntries(this.#byTier),
      outcomes: { ...this.#results },
      learnedFixes: this.#learning.learned.length,
    };
  }

  #rules(): FixRules {
    return {
      ...baselineFixRules,
      thresholds: this.#thresholds,
      rules: [...baselineFixRules.rules, ...(this.#options.rules ?? [])],
      allowedPaths: this.#options.allowedPaths ?? baselineFixRules.allowedPaths,
      ...(this.#options.enableLearning === false ? {} : this.#learning),
    };
  }

  #countFailure(change: string): void {
    const failures = (this.#failuresOfChange.get(change) ?? 0) + 1;
    this.#failuresOfChange.delete(change);
    this.#failuresOfChange.set(change, failures);
    if (this.#failuresOfChange.size <= MAX_CHANGES) return;
    for (const oldest of this.#failuresOfChange.keys()) {
      this.#failuresOfChange.delete(oldest);
      break;
    }
  }

  #propose(
    given: Pick<GeneratedFix, 'fingerprint' | 'category' | 'change' | 'deadEnds' | 'proposals' | 'reason'>,
  ): GeneratedFix {
    const fix = given.proposals[0] ?? null;
    const tier = fix?.tier ?? null;
    this.#generated += 1;
    if (tier !== null) this.#byTier.set(tier, (this.#byTier.get(tier) ?? 0) + 1);
    const confidence = fix?.confidence ?? 0;
    return {
      ...given,
      success: true,
      decision: 'proposed',
      fix,
      confidence,
      tier,
      sureEnoughToApply: confidence >= this.#thresholds.apply,
      run: null,
    };
  }

  #decline(
    given: Pick<GeneratedFix, 'fingerprint' | 'category' | 'change' | 'deadEnds' | 'reason' | 'run'>,
  ): GeneratedFix {
    this.#declined += 1;
    return {
      ...given,
      success: false,
      decision: 'declined',
      fix: null,
      proposals: [],
      confidence: 0,
      tier: null,
      sureEnoughToApply: false,
    };
  }
}

/** The change that a failure belongs to. */
function changeOf({
  repository,
  ref,
  commit,
}: {
  repository: string | null;
  ref: string | null;
  commit: string | null;
}): string | null {
  const at = ref ?? commit;
  return repository === null || at === null ? null : `${repository}@${at}`;
}

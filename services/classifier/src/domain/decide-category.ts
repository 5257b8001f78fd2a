import type {
  ClassificationRetryClass,
  ClassificationStrategy,
  ErrorEvent,
  Evidence,
} from '@faultline/schemas';
import type { ClassifyWith } from './classify-with.ts';
import { modelInput } from './model/model-input.ts';
import type { EventReading } from './read-event.ts';
import type { RuleHit, RuleSet } from './rules/rule-set.ts';
import type { KnownSeverity } from './severity.ts';
import { categoryDefaults } from './taxonomy/categories.ts';

/** What kind of failure it is, and who says so. */
export interface Decision {
  readonly category: string;
  readonly errorType: string;
  readonly severity: KnownSeverity;
  readonly basedOn: string;
  readonly retryClass: ClassificationRetryClass;
  readonly tool: string | null;
  readonly confidence: number;
  readonly strategy: ClassificationStrategy;
  readonly ruleId: string | null;
  readonly cause: string | null;
  readonly remedy: string | null;
  /** The line that decided, where one did. */
  readonly line: string | undefined;
  /** The same line in the log, where it is far from the region. */
  readonly farLine?: number;
  /** The same line in the log, where it lies in the region and a specific rule matched it. */
  readonly nearLine?: number;
  readonly evidence: readonly Evidence[];
}

/** Lines before the end of a log in which a tool may say what a failure led to. */
const TAIL_LINES = 200;
/** A region whose cause is no likelier than this gives way to a rule that matches far from it. */
const WEAK_CAUSE = 0.35;
/** Lines of a stack that rules look at. */
const STACK_LINES = 60;

/**
 * How often a rule is right, by its strength and by where it matched: measured on labelled logs
 * (EVALUATION.md), rounded down.
 */
const ruleConfidence = {
  specific: { near: 0.96, far: 0.85 },
  general: { near: 0.85, far: 0.72 },
} as const;
/** What another category, named as strongly, takes from it. */
const CONTESTED = 0.06;

/** Rules before learned patterns before the model; below the threshold the answer is unknown. */
export function decide(event: ErrorEvent, reading: EventReading, using: ClassifyWith): Decision {
  return (
    byRule(event, reading, using.rules) ??
    byPattern(reading, using) ??
    byModel(event, reading, using) ??
    unknown(reading)
  );
}

interface Found {
  readonly hit: RuleHit;
  /** Index in the log, or null where the line is not from it. */
  readonly logLine: number | null;
  readonly line: string;
  readonly near: boolean;
  readonly contested: boolean;
}

function byRule(event: ErrorEvent, reading: EventReading, rules: RuleSet): Decision | undefined {
  const near = nearRule(event, reading, rules);
  const found =
    near?.hit.rule.strength === 'specific'
      ? near
      : (tailRule(event, reading, rules) ?? near ?? farRule(event, reading, rules));
  if (found === undefined) return undefined;
  const { rule, match } = found.hit;
  const base =
    ruleConfidence[rule.strength === 'specific' ? 'specific' : 'general'][found.near ? 'near' : 'far'];
  return {
    category: rule.category,
    errorType: rule.errorType,
    severity: rule.severity,
    basedOn: `rule ${rule.id}`,
    retryClass: rule.retryClass,
    tool: rule.tool ?? null,
    confidence: found.contested ? base - CONTESTED : base,
    strategy: 'rule',
    ruleId: rule.id,
    cause: rule.cause,
    remedy: rule.remedy,
    line: found.line,
    ...(rule.strength === 'specific' && liesIn(reading, found.logLine) ? { nearLine: found.logLine } : {}),
    ...(found.near ||
    found.logLine === null ||
    rule.strength !== 'specific' ||
    (reading.region?.causeScore ?? 0) > WEAK_CAUSE
      ? {}
      : { farLine: found.logLine }),
    evidence: [
      { kind: 'rule', id: rule.id, text: match.text.slice(0, 300), line: found.logLine, weight: base },
    ],
  };
}

/** Whether a line of the log lies in the region. */
const liesIn = ({ region }: EventReading, line: number | null): line is number =>
  line !== null &&
  region !== undefined &&
  region.ranges.some(({ first, last }) => line >= first && line <= last);

/** The rule that matches what explains the failure: the message, the stack, the region of the log. */
function nearRule(event: ErrorEvent, reading: EventReading, rules: RuleSet): Found | undefined {
  const { message, stack, region } = reading;
  const head = stack.length > STACK_LINES ? stack.slice(0, STACK_LINES) : stack;
  const regionLines = region === undefined ? [] : region.lines;
  const typed = event.type === null || event.type === '' ? [] : [event.type];
  const own = [...typed, ...message, ...head];
  const lines =
    region === undefined ? own : [...own, ...regionLines.map((line) => region.log.clean[line] as string)];
  const hits = rules.match(lines, event.exitCode).filter(({ rule }) => rule.strength !== 'wrapper');
  const best = strongest(hits);
  if (best === undefined) return undefined;
  const logLine = best.line < own.length ? null : (regionLines[best.line - own.length] ?? null);
  return {
    hit: best,
    logLine,
    line: lines[best.line] as string,
    near: true,
    contested: isContested(best, hits),
  };
}

/** A specific rule that matches behind the region, before the log ends: what the failure led to, in a tool's words. */
function tailRule(event: ErrorEvent, reading: EventReading, rules: RuleSet): Found | undefined {
  const { region } = reading;
  if (region === undefined) return undefined;
  const { log } = region;
  const from = region.ranges.at(-1)?.last ?? 0;
  const to = Math.min(log.clean.length, Math.max(log.exit, from) + 1);
  const start = Math.max(from, to - TAIL_LINES);
  const lines = log.clean.slice(start, to);
  const hits = rules.match(lines, event.exitCode).filter(({ rule }) => rule.strength === 'specific');
  const [best] = hits;
  return best === undefined
    ? undefined
    : {
        hit: best,
        logLine: start + best.line,
        line: lines[best.line] as string,
        near: true,
        contested: isContested(best, hits),
      };
}

/** The rule that matches anywhere in the log, where the region has none. */
function farRule(event: ErrorEvent, reading: EventReading, rules: RuleSet): Found | undefined {
  const { region } = reading;
  if (region === undefined) return undefined;
  const lines = region.log.clean;
  const hits = rules.match(lines, event.exitCode).filter(({ rule }) => rule.strength !== 'wrapper');
  const best = strongest(hits);
  return best === undefined
    ? undefined
    : {
        hit: best,
        logLine: best.line,
        line: lines[best.line] as string,
        near: false,
        contested: isContested(best, hits),
      };
}

/** Of the strongest, the first in the order of the pack. */
const strongest = (hits: readonly RuleHit[]): RuleHit | undefined =>
  hits.find(({ rule }) => rule.strength === 'specific') ?? hits[0];

const isContested = (best: RuleHit, hits: readonly RuleHit[]): boolean =>
  hits.some(({ rule }) => rule.strength === best.rule.strength && rule.errorType !== best.rule.errorType);

function byPattern(reading: EventReading, using: ClassifyWith): Decision | undefined {
  const { message, region, trace } = reading;
  const ofTrace = trace?.type == null ? [] : [`${trace.type}: ${trace.message ?? ''}`];
  const lines = [
    ...message,
    ...ofTrace,
    ...(region?.lines ?? []).slice(0, 40).map((line) => region?.log.clean[line] ?? ''),
  ];
  const found = using.patterns.match(lines);
  if (found === undefined || found.pattern.confidence < using.confidenceThreshold) return undefined;
  const { pattern, line } = found;
  const defaults = categoryDefaults(pattern.category);
  return {
    category: pattern.category,
    errorType: defaults.errorType,
    severity: defaults.severity,
    basedOn: `learned pattern ${pattern.id}`,
    retryClass: pattern.retryClass ?? defaults.retryClass,
    tool: null,
    confidence: pattern.confidence,
    strategy: 'pattern',
    ruleId: pattern.id,
    cause: defaults.cause,
    remedy: pattern.remedy ?? null,
    line,
    evidence: [
      { kind: 'pattern', id: pattern.id, text: pattern.template, line: null, weight: pattern.confidence },
      {
        kind: 'support',
        id: pattern.id,
        text: `${pattern.support} confirmed outcomes`,
        line: null,
        weight: pattern.support,
      },
    ],
  };
}

function byModel(event: ErrorEvent, reading: EventReading, using: ClassifyWith): Decision | undefined {
  const { model } = using;
  if (model === undefined) return undefined;
  const prediction = model.predict(modelInput(event, reading));
  if (prediction === undefined || prediction.confidence < using.confidenceThreshold) return undefined;
  const defaults = categoryDefaults(prediction.category);
  return {
    category: prediction.category,
    errorType: defaults.errorType,
    severity: defaults.severity,
    basedOn: `category ${prediction.category}`,
    retryClass: defaults.retryClass,
    tool: null,
    confidence: prediction.confidence,
    strategy: 'ml',
    ruleId: null,
    cause: defaults.cause,
    remedy: null,
    line: reading.region?.cause?.text,
    evidence: prediction.reasons.map(({ feature, weight }) => ({
      kind: 'feature',
      id: null,
      text: feature,
      line: null,
      weight,
    })),
  };
}

function unknown(reading: EventReading): Decision {
  const defaults = categoryDefaults('unknown');
  return {
    category: 'unknown',
    errorType: defaults.errorType,
    severity: defaults.severity,
    basedOn: 'default, since the cause is not known',
    retryClass: defaults.retryClass,
    tool: null,
    confidence: 0,
    strategy: 'none',
    ruleId: null,
    cause: null,
    remedy: null,
    line: reading.region?.cause?.text,
    evidence: [],
  };
}

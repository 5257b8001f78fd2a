import type { Severity } from '@faultline/schemas';

/** A severity that is known. */
export type KnownSeverity = Exclude<Severity, 'UNKNOWN'>;

/** From mild to grave. */
export const severities = ['low', 'medium', 'high', 'critical'] as const satisfies readonly KnownSeverity[];

/** What a severity is judged by. */
export interface SeverityInput {
  readonly base: KnownSeverity;
  /** Who says so, such as `rule npm-eresolve`. */
  readonly basedOn: string;
  readonly environment: string | null;
  readonly ref: string | null;
  readonly hint: string | null;
}

/** A severity and its reason in words. */
export interface Judged {
  readonly severity: KnownSeverity;
  readonly reason: string;
}

const hintNames: Readonly<Record<string, KnownSeverity>> = {
  trace: 'low',
  debug: 'low',
  info: 'low',
  notice: 'low',
  minor: 'low',
  low: 'low',
  warn: 'medium',
  warning: 'medium',
  medium: 'medium',
  moderate: 'medium',
  error: 'high',
  high: 'high',
  major: 'high',
  critical: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  blocker: 'critical',
};

const production = /^(?:prod|production|live)$/i;

/**
 * The severity of a failure: what its rule or category says, one step up in production, and at most one step
 * towards the producer's hint. A hint alone never makes it critical.
 */
export function judgeSeverity(input: SeverityInput): Judged {
  const reasons = [`${input.base} by ${input.basedOn}`];
  let level = severities.indexOf(input.base);
  if (input.environment !== null && production.test(input.environment)) {
    level = Math.min(level + 1, severities.length - 1);
    reasons.push('one step up in production');
  }
  const hint = input.hint === null ? undefined : hintNames[input.hint.trim().toLowerCase()];
  if (hint !== undefined) {
    const wanted = severities.indexOf(hint);
    const step = Math.sign(wanted - level);
    const next = step > 0 && level + step === severities.length - 1 ? level : level + step;
    if (next === level)
      reasons.push(
        step === 0 ? `the hint ${hint} agrees` : `the hint ${hint} alone does not make it critical`,
      );
    else reasons.push(`one step towards the hint ${hint}`);
    level = next;
  } else if (input.hint !== null) {
    reasons.push('the hint is not a known level');
  }
  return { severity: severities[level] as KnownSeverity, reason: reasons.join('; ') };
}

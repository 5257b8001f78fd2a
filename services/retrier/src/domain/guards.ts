import type { ErrorRecord, RetryStateDecision } from '@faultline/schemas';
import type { PolicyInForce } from './policy-for.ts';
import type { CiLimits, RetryPolicies } from './retry-policy.ts';

/** Why a record is not retried at all. */
export interface Refusal {
  readonly reason: 'not-retryable' | 'no-way-to-rerun' | 'side-effects';
  readonly decision: RetryStateDecision;
  readonly why: string;
}

/** The words of a name: `npm run deployDocs` holds npm, run, deploy and docs. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** Path of a URL, which names what is called; the whole text where it is not one. */
function pathOf(target: string): string {
  return URL.canParse(target) ? new URL(target).pathname : target;
}

/** The effect on the world outside that a record's operation has, as far as anything says so. */
export function sideEffectOf(record: ErrorRecord, words: readonly string[]): string | undefined {
  const { event } = record;
  const declared = event.rerun?.sideEffects.find((effect) => words.includes(effect.toLowerCase()));
  if (declared !== undefined) return `it declares the side effect ${declared}`;
  const names = [event.task, event.operation, event.rerun === null ? null : pathOf(event.rerun.target)];
  const named = names
    .flatMap((name) => (name === null ? [] : wordsOf(name)))
    .find((word) => words.includes(word));
  return named === undefined ? undefined : `its name holds "${named}"`;
}

/** Types under which the failure is known: of the exception, as code and as class. */
function typesOf({ event, classification }: ErrorRecord): readonly string[] {
  return [event.type, classification?.exceptionType, classification?.errorType].filter(
    (type) => typeof type === 'string',
  );
}

/** Why a job of a CI system is not run again; undefined where nothing speaks against it. */
function ciRefusal(
  { event }: ErrorRecord,
  { lastAttempt, mostFailedJobs, maxAgeMs }: CiLimits,
  now: number,
): string | undefined {
  if (event.rerun?.kind !== 'ci') return undefined;
  if (event.attempt !== null && event.attempt > lastAttempt) {
    return `attempt ${event.attempt} of the job failed, and only attempt ${lastAttempt} is run again`;
  }
  const failedJobs = event.context['failedJobs'];
  if (typeof failedJobs === 'number' && failedJobs > mostFailedJobs) {
    return `${failedJobs} jobs of the run failed, which is a breakage and not bad luck`;
  }
  return now - event.time > maxAgeMs ? 'the run is too old to be run again' : undefined;
}

/** What forbids retrying a record, the most telling first; undefined where nothing does. */
export function refusalOf(
  record: ErrorRecord,
  { policy }: PolicyInForce,
  policies: RetryPolicies,
  now: number,
): Refusal | undefined {
  const { rerun } = record.event;
  const retryClass = record.classification?.retryClass ?? 'unknown';
  const barred = typesOf(record).find((type) => policies.nonRetryableTypes.includes(type));
  if (barred !== undefined) {
    return { reason: 'not-retryable', decision: 'not-retryable', why: `${barred} is never retried` };
  }
  if (policy.maxRetries <= 0) {
    const why =
      retryClass === 'never-fixable'
        ? 'running it again cannot help, mending it can'
        : retryClass === 'never'
          ? 'running it again cannot help'
          : 'the policy allows no retry';
    return { reason: 'not-retryable', decision: 'not-retryable', why };
  }
  if (rerun === null) {
    return {
      reason: 'no-way-to-rerun',
      decision: 'no-way-to-rerun',
      why: 'the event does not say how to run the operation again',
    };
  }
  const limit = ciRefusal(record, policies.ci, now);
  if (limit !== undefined) return { reason: 'not-retryable', decision: 'not-retryable', why: limit };
  const effect = rerun.idempotent ? undefined : sideEffectOf(record, policies.sideEffects);
  if (effect !== undefined) {
    return {
      reason: 'side-effects',
      decision: 'refused',
      why: `${effect}, and the operation is not marked idempotent`,
    };
  }
  return undefined;
}

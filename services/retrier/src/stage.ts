import type { ErrorRecord, Rerun } from '@faultline/schemas';
import type { Answers, Ask, Move, Random, Snapshot, Stage } from '@faultline/stream';
import { baselinePolicies } from './domain/baseline-policies.ts';
import { refusalOf } from './domain/guards.ts';
import { beginProgress, giveUp, scheduleNext, type Retrying } from './domain/moves.ts';
import { policyFor } from './domain/policy-for.ts';
import { proceed, scheduledOf } from './domain/proceed.ts';
import { readProgress } from './domain/progress.ts';
import type { RetryPolicies } from './domain/retry-policy.ts';
import { wishOf } from './domain/wish.ts';
import { parseRetryPolicies } from './retry-policies.ts';

/** Kinds of knowledge that the retrier decides with. */
// An alias: an interface would lack the index signature that KnowledgeBodies asks for.
export type RetrierKnowledge = { readonly 'retry-policies': RetryPolicies };

/** What the retrier is built with. */
export interface RetrierDeps {
  /** How long one run may take where the event does not say, in milliseconds. */
  readonly attemptTimeoutMs: number;
}

/** Header that asks a target to run elsewhere than where it failed. */
const AVOID_RUNNER_HEADER = 'faultline-avoid-runner';
/** A runner's name that may stand in a header; it comes from an event, which nobody trusts. */
const RUNNER_NAME = /^[\w.:-]{1,128}$/;

/** How to run the operation again, on another runner where the class asks for one. */
function rerunOf(record: ErrorRecord, rerun: Rerun): Rerun {
  const { runner } = record.event;
  if (record.classification?.retryClass !== 'once-elsewhere') return rerun;
  if (runner === null || !RUNNER_NAME.test(runner)) return rerun;
  return { ...rerun, headers: { ...rerun.headers, [AVOID_RUNNER_HEADER]: runner } };
}

function retryingOf(
  record: ErrorRecord,
  { body, version }: Snapshot<RetryPolicies>,
  now: number,
  random: Random,
): Retrying {
  const inForce = policyFor(body, record);
  const running = scheduledOf(record) === undefined ? null : record.retry;
  return {
    record,
    inForce,
    policy: running?.policy ?? `${inForce.name}@${version}`,
    maxRetries: running?.maxRetries ?? inForce.policy.maxRetries,
    progress: readProgress(running?.backoff ?? null) ?? beginProgress(record, inForce, now),
    attempts: record.retry?.attempts ?? [],
    worthwhileRate: body.worthwhileRate,
    now,
    random,
  };
}

function begin(retrying: Retrying, policies: RetryPolicies): Move {
  const { record, inForce, now } = retrying;
  const refusal = refusalOf(record, inForce, policies, now);
  if (refusal !== undefined) return giveUp(retrying, refusal.reason, refusal.decision, refusal.why);
  if (now >= record.deadline) return giveUp(retrying, 'deadline', 'gave-up', 'the deadline is over');
  return scheduleNext(retrying, wishOf(record.event));
}

/**
 * The retrier: takes classified records that may be run again into errors.delayed, runs them when they are
 * due, and sends on to errors.fixable what retrying does not end.
 */
export function createRetrierStage(deps: RetrierDeps): Stage<RetrierKnowledge> {
  return {
    name: 'retrier',
    knowledge: { 'retry-policies': { baseline: baselinePolicies, parse: parseRetryPolicies } },
    plan(record: ErrorRecord, now: number): readonly Ask[] {
      const scheduled = scheduledOf(record);
      const { rerun } = record.event;
      if (scheduled === undefined || rerun === null) return [];
      if (now < scheduled.nextAt || now >= record.deadline) return [];
      return [
        {
          kind: 'attempt',
          key: scheduled.nextKey,
          rerun: rerunOf(record, rerun),
          idempotent: rerun.idempotent,
          deadlineMs: rerun.timeoutMs ?? deps.attemptTimeoutMs,
        },
      ];
    },
    decide(record: ErrorRecord, answers: Answers, knowledge, now: number, random: Random) {
      const policies = knowledge['retry-policies'];
      const retrying = retryingOf(record, policies, now, random);
      const scheduled = scheduledOf(record);
      return [
        scheduled === undefined ? begin(retrying, policies.body) : proceed(retrying, scheduled, answers),
      ];
    },
  };
}

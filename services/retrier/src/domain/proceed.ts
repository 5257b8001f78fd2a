import type { Attempt, ErrorRecord } from '@faultline/schemas';
import { delayTiersMs } from '@faultline/schemas';
import type { Answers, AttemptAnswer, Move } from '@faultline/stream';
import { attemptAnswer } from '@faultline/stream';
import { delayUntil, giveUp, resolve, scheduleNext, type Retrying } from './moves.ts';

/** A record whose next retry is scheduled. */
export interface Scheduled {
  readonly nextAt: number;
  readonly nextKey: string;
}

/** The schedule of a record that comes from errors.delayed; undefined for one that does not. */
export function scheduledOf({ retry }: ErrorRecord): Scheduled | undefined {
  if (retry === null || retry.decision !== 'scheduled') return undefined;
  const { nextAt, nextKey } = retry;
  return nextAt === null || nextKey === null ? undefined : { nextAt, nextKey };
}

/** What the target said is kept this long, in characters. */
const DETAIL_LENGTH = 500;
/** Asking again for the end of a run never waits longer than this tier: 10 min. */
const LAST_WAITING_TIER = 5;
/** The last look at a run is taken this long before the deadline. */
const LAST_LOOK_MS = 5_000;

function attemptOf(key: string, number: number, answer: AttemptAnswer, outcome: Attempt['outcome']): Attempt {
  const { startedAt, detail, status, durationMs } = answer;
  return { number, key, at: startedAt, outcome, detail: detail.slice(0, DETAIL_LENGTH), status, durationMs };
}

/** The run has not ended, or nobody could say in time: ask again, under the same key, in the next tier. */
function waitLonger(retrying: Retrying, key: string, answer: AttemptAnswer | undefined): Move {
  const { record, progress, now } = retrying;
  const lastLook = record.deadline - LAST_LOOK_MS;
  const what = answer === undefined ? 'no answer about the run yet' : 'the run has not ended yet';
  if (now >= lastLook) return giveUp(retrying, 'deadline', 'gave-up', `${what}, and the deadline is here`);
  const tier = Math.min(progress.waits + 1, LAST_WAITING_TIER);
  const waitMs = Math.max(delayTiersMs[tier] ?? 0, answer?.retryAfterMs ?? 0);
  const at = Math.min(lastLook, now + waitMs);
  const next = { ...retrying, progress: { ...progress, waits: progress.waits + 1 } };
  return delayUntil(
    next,
    at,
    key,
    'waiting',
    `${what}; asked again under the same key in ${(at - now) / 1_000} s`,
  );
}

/** Decides on a record from errors.delayed. */
export function proceed(retrying: Retrying, { nextAt, nextKey }: Scheduled, answers: Answers): Move {
  const { record, now, attempts } = retrying;
  const answer = attemptAnswer(answers, nextKey);
  if (answer !== undefined && answer.state !== 'pending') {
    return settle(retrying, nextKey, answer, answer.state);
  }
  if (now >= record.deadline) return giveUp(retrying, 'deadline', 'gave-up', 'the deadline is over');
  if (now < nextAt) {
    const why = `retry ${attempts.length + 1} is not due yet`;
    return { kind: 'delay', notBefore: nextAt, record, reason: 'cascaded', why };
  }
  return waitLonger(retrying, nextKey, answer);
}

/** An answer that is an end. */
type EndState = Exclude<AttemptAnswer['state'], 'pending'>;

/** What each end of a run means for its record. */
const afterRun: Readonly<
  Record<EndState, (retrying: Retrying, number: number, said: string, retryAfterMs: number | null) => Move>
> = {
  succeeded: (retrying, number, said) => resolve(retrying, `retry ${number} succeeded: ${said}`),
  failed: (retrying, _number, _said, atLeastMs) => scheduleNext(retrying, { atLeastMs, exactlyMs: null }),
  unknown: (retrying, number, said) =>
    giveUp(retrying, 'outcome-unknown', 'gave-up', `how retry ${number} ended is not known: ${said}`),
  refused: (retrying, number, said) =>
    giveUp(retrying, 'refused', 'refused', `retry ${number} was refused: ${said}`),
};

function settle(retrying: Retrying, key: string, answer: AttemptAnswer, state: EndState): Move {
  const number = retrying.attempts.length + 1;
  const attempts = [...retrying.attempts, attemptOf(key, number, answer, state)];
  const said = answer.detail.slice(0, DETAIL_LENGTH);
  return afterRun[state]({ ...retrying, attempts }, number, said, answer.retryAfterMs);
}

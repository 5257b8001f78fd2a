import {
  breakerPermit,
  breakerResult,
  breakerStart,
  type AttemptAsk,
  type BreakerOptions,
  type BreakerState,
} from '@faultline/stream';
import { timed, type Clock, type Executor } from './executor.ts';

/** Targets whose breakers are kept, the one least recently used forgotten first. */
const MAX_TARGETS = 10_000;

/** Name of what is called: the host of a URL, else the whole target. */
export function targetOf({ rerun }: AttemptAsk): string {
  return `${rerun.kind}:${URL.canParse(rerun.target) ? new URL(rerun.target).host : rerun.target}`;
}

/** How a breaker hears of changes, for metrics. */
export type BreakerListener = (target: string, state: BreakerState['kind']) => void;

/**
 * Puts a breaker before each target of an executor, one an instance. While it is open nothing is sent and the
 * run is `pending`, so that an outage uses up waiting, not retries.
 */
export function withBreaker(
  executor: Executor,
  options: BreakerOptions,
  now: Clock,
  onChange: BreakerListener = () => undefined,
): Executor {
  const states = new Map<string, BreakerState>();
  const stateOf = (target: string): BreakerState => states.get(target) ?? breakerStart;
  const put = (target: string, state: BreakerState): void => {
    const before = stateOf(target).kind;
    states.delete(target);
    states.set(target, state);
    if (states.size > MAX_TARGETS) {
      for (const oldest of states.keys()) {
        states.delete(oldest);
        break;
      }
    }
    if (before !== state.kind) onChange(target, state.kind);
  };
  const closed = timed(now, async (ask) => {
    const state = stateOf(targetOf(ask));
    const waitMs = state.kind === 'open' ? Math.max(0, state.until - now()) : options.openMs;
    return {
      state: 'pending',
      detail: `too many calls to ${targetOf(ask)} fail; nothing is sent for a while`,
      retryAfterMs: waitMs,
    };
  });
  return async (ask, signal) => {
    const target = targetOf(ask);
    const [permitted, state] = breakerPermit(stateOf(target), options, now());
    put(target, state);
    if (!permitted) return closed(ask, signal);
    const answer = await executor(ask, signal);
    // A refusal tells nothing about the health of the target, yet it is an answer.
    put(
      target,
      breakerResult(stateOf(target), options, answer.state !== 'failed' && answer.state !== 'unknown', now()),
    );
    return answer;
  };
}

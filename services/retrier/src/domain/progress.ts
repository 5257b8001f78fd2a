import {
  backoffStart,
  backoffStrategies,
  jitters,
  type BackoffOptions,
  type BackoffState,
} from '@faultline/stream';

/**
 * What the retrier carries in `RetryState.backoff`: the policy's numbers as they were when retrying began,
 * so that newer policies do not change a retry that is under way, and where the backoff stands.
 */
export interface RetryProgress {
  /** Runs that were recorded before this round began. */
  readonly since: number;
  /** When this round began. */
  readonly startedAt: number;
  /** No retry begins later than this; null for the deadline alone. */
  readonly until: number | null;
  readonly options: BackoffOptions;
  readonly state: BackoffState;
  /** How often the run of the present key was asked for without an end. */
  readonly waits: number;
}

const VERSION = 1;

/** As text for the record. */
export const writeProgress = (progress: RetryProgress): string => JSON.stringify({ v: VERSION, ...progress });

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function readOptions(value: unknown): BackoffOptions | undefined {
  if (!isObject(value)) return undefined;
  const strategy = backoffStrategies.find((name) => name === value['strategy']);
  const jitter = jitters.find((name) => name === value['jitter']);
  const { baseMs, maxMs, factor, learnedMs } = value;
  if (strategy === undefined || jitter === undefined) return undefined;
  if (!isNumber(baseMs) || !isNumber(maxMs) || !isNumber(factor)) return undefined;
  return { strategy, jitter, baseMs, maxMs, factor, learnedMs: isNumber(learnedMs) ? learnedMs : null };
}

function readState(value: unknown): BackoffState {
  if (!isObject(value) || !isNumber(value['made']) || !isNumber(value['memo'])) return backoffStart;
  return { made: value['made'], memo: value['memo'] };
}

/** From the text on the record; undefined where it is not ours. */
export function readProgress(text: string | null): RetryProgress | undefined {
  if (text === null) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value['v'] !== VERSION) return undefined;
  const options = readOptions(value['options']);
  const { since, startedAt, until, waits } = value;
  if (options === undefined || !isNumber(since) || !isNumber(startedAt)) return undefined;
  return {
    since,
    startedAt,
    until: isNumber(until) ? until : null,
    options,
    state: readState(value['state']),
    waits: isNumber(waits) ? waits : 0,
  };
}

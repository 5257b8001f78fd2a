import { backoffStrategies, jitters, type BackoffOptions } from '@faultline/stream';
import type { RetryTuning } from './retry-options.ts';

/** Tuning with nothing left open. */
export interface RetrySettings {
  readonly maxRetries: number;
  readonly backoff: BackoffOptions;
}

/** A cap without a number of its own is a hundred times the base (Temporal). */
const CAP_FACTOR = 100;

function checked(name: string, value: number, least: number, whole: boolean): number {
  const right =
    typeof value === 'number' &&
    value >= least &&
    (Number.isInteger(value) || !whole) &&
    Number.isFinite(value);
  if (right) return value;
  throw new TypeError(
    `${name} must be a ${whole ? 'whole ' : ''}number of at least ${least}, not ${String(value)}`,
  );
}

function oneOf<const Name extends string>(name: string, value: string, names: readonly Name[]): Name {
  const found = names.find((known) => known === value);
  if (found !== undefined) return found;
  throw new TypeError(`${name} must be one of ${names.join(', ')}, not ${value}`);
}

/** Layers of tuning, the later ones over the earlier, checked. Throws a TypeError that names the option. */
export function settingsOf(layers: readonly (RetryTuning | undefined)[]): RetrySettings {
  const named = layers.map((layer) =>
    Object.fromEntries(Object.entries(layer ?? {}).filter(([, value]) => value !== undefined)),
  );
  const tuning = Object.assign({}, ...named) as RetryTuning;
  const baseMs = checked('baseDelay', tuning.baseDelay ?? 1_000, 0, false);
  return {
    maxRetries: checked('maxRetries', tuning.maxRetries ?? 3, 0, true),
    backoff: {
      strategy: oneOf('strategy', tuning.strategy ?? 'exponential', backoffStrategies),
      baseMs,
      maxMs: checked('maxDelay', tuning.maxDelay ?? baseMs * CAP_FACTOR, 0, false),
      factor: checked('factor', tuning.factor ?? 2, 1, false),
      jitter: oneOf('jitter', tuning.jitter ?? 'equal', jitters),
      learnedMs: null,
    },
  };
}

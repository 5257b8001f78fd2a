import { binomialTail } from '../statistics.ts';
import { kindOf, type PatternEvent } from './pattern-event.ts';

/** A regularity that chance does not explain, with what it rests on. */
export interface Pattern {
  readonly kind: 'temporal' | 'sequential' | 'contextual' | 'behavioral' | 'environmental';
  readonly errorType: string;
  readonly description: string;
  /** Hour, error before it, or attribute and value. */
  readonly condition: string;
  readonly observed: number;
  readonly expected: number;
  /** Chance of as many without a pattern, corrected for the number of questions asked. */
  readonly p: number;
}

/** What was found, and how many questions that took. */
export interface Found {
  readonly patterns: readonly Pattern[];
  readonly tests: number;
}

/** Chance that any one pattern of an analysis is no pattern. */
const FALSE_ALARM = 0.01;
/** Fewer times than this is an anecdote. */
const LEAST_OBSERVED = 5;
/** An effect comes within this time of its cause. */
const SEQUENCE_MS = 300_000;

type Candidate = Pattern & { readonly raw: number };

/**
 * Looks for error types that come at an hour of the day, after another type, or with an attribute, more often than
 * the share of their type explains. Each is a binomial test; all are corrected together (Holm), so that data without
 * a pattern gives one in a hundred analyses at most.
 */
export function findPatterns(events: readonly PatternEvent[]): Found {
  const sorted = events.toSorted((a, b) => a.at - b.at);
  const candidates = [...temporal(sorted), ...sequential(sorted), ...attributed(sorted)].toSorted(
    (a, b) => a.raw - b.raw,
  );
  const patterns: Pattern[] = [];
  for (const [index, { raw, ...pattern }] of candidates.entries()) {
    const p = Math.min(1, raw * (candidates.length - index));
    if (p >= FALSE_ALARM) break;
    if (pattern.observed >= LEAST_OBSERVED) patterns.push({ ...pattern, p });
  }
  return { patterns, tests: candidates.length };
}

const countOf = <Key>(keys: Iterable<Key>): Map<Key, number> => {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};

/** Hours of the day that the observed span holds, each as often as it does. */
function temporal(events: readonly PatternEvent[]): readonly Candidate[] {
  const first = events[0]?.at ?? 0;
  const last = events.at(-1)?.at ?? 0;
  const days = (last - first) / 86_400_000;
  if (days < 2) return []; // within two days an hour comes at most twice, which is no regularity
  const candidates: Candidate[] = [];
  for (const [errorType, n] of countOf(events.map((event) => event.errorType))) {
    const own = events.filter((event) => event.errorType === errorType);
    // an hour counts once a day, so that one outage is one coincidence
    const seen = new Set(own.map(({ at }) => Math.floor(at / 3_600_000)));
    const hours = countOf([...seen].map((hour) => hour % 24));
    for (const [hour, observed] of hours) {
      candidates.push({
        kind: 'temporal',
        errorType,
        condition: `hour ${hour} UTC`,
        description: `${errorType} comes at ${String(hour).padStart(2, '0')}:00 UTC on ${observed} of ${Math.ceil(days)} days (${n} errors)`,
        observed,
        expected: seen.size / 24,
        raw: binomialTail(observed, seen.size, 1 / 24),
        p: 1,
      });
    }
  }
  return candidates;
}

function sequential(events: readonly PatternEvent[]): readonly Candidate[] {
  const types = countOf(events.map(({ errorType }) => errorType));
  const span = (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0);
  if (types.size < 2 || span <= SEQUENCE_MS) return [];
  const follows = new Map<string, number>();
  const firstAfter = new Map<string, number>();
  for (let index = 0; index < events.length; index += 1) {
    const cause = events[index];
    if (cause === undefined) continue;
    const met = new Set<string>();
    for (let next = index + 1; next < events.length; next += 1) {
      const effect = events[next];
      if (effect === undefined || effect.at - cause.at > SEQUENCE_MS || met.size > 20) break;
      if (effect.errorType === cause.errorType) break; // the later of two causes owns what follows
      if (!met.has(effect.errorType)) {
        const key = JSON.stringify([cause.errorType, effect.errorType]);
        follows.set(key, (follows.get(key) ?? 0) + 1);
        firstAfter.set(key, (firstAfter.get(key) ?? 0) + effect.at - cause.at);
      }
      met.add(effect.errorType);
    }
  }
  return [...follows].map(([key, observed]) => {
    const [cause = '', effect = ''] = JSON.parse(key) as readonly string[];
    const causes = types.get(cause) ?? 0;
    // at the effect's own rate, the chance that one falls into the window behind a cause by itself
    const chance = 1 - Math.exp((-(types.get(effect) ?? 0) * SEQUENCE_MS) / span);
    const lag = Math.round((firstAfter.get(key) ?? 0) / observed / 1_000);
    return {
      kind: 'sequential',
      errorType: effect,
      condition: `after ${cause}`,
      description: `${effect} follows ${cause} within five minutes, ${observed} of ${causes} times, after ${lag} s on average`,
      observed,
      expected: causes * chance,
      raw: binomialTail(observed, causes, chance),
      p: 1,
    };
  });
}

function attributed(events: readonly PatternEvent[]): readonly Candidate[] {
  const types = countOf(events.map(({ errorType }) => errorType));
  if (types.size < 2) return [];
  const withValue = new Map<string, PatternEvent[]>();
  for (const event of events) {
    for (const entry of Object.entries(event.attributes)) {
      const key = JSON.stringify(entry);
      const list = withValue.get(key);
      if (list === undefined) withValue.set(key, [event]);
      else list.push(event);
    }
  }
  const candidates: Candidate[] = [];
  for (const [key, list] of withValue) {
    if (list.length < LEAST_OBSERVED || list.length === events.length) continue;
    const [attribute = '', value = ''] = JSON.parse(key) as readonly string[];
    for (const [errorType, observed] of countOf(list.map((event) => event.errorType))) {
      const elsewhere = ((types.get(errorType) ?? 0) - observed + 0.5) / (events.length - list.length + 1);
      candidates.push({
        kind: kindOf(attribute),
        errorType,
        condition: `${attribute} = ${value}`,
        description: `${errorType} is ${observed} of ${list.length} errors with ${attribute} = ${value}, against ${Math.round(elsewhere * 1_000) / 10} % elsewhere`,
        observed,
        expected: list.length * elsewhere,
        raw: binomialTail(observed, list.length, Math.min(1, elsewhere)),
        p: 1,
      });
    }
  }
  return candidates;
}

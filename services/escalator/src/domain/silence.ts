import type { Facts } from './facts.ts';
import { matchesAll } from './matches.ts';
import type { Matcher } from './policy.ts';

/** Mutes the notices of the incidents that match, for a time; the incidents themselves go on. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The silence that holds for these facts at this moment and lasts longest; one without matchers holds for none. */
export function silenceFor(silences: readonly Silence[], facts: Facts, now: number): Silence | undefined {
  return silences
    .filter(
      ({ matchers, startsAt, endsAt }) =>
        matchers.length > 0 && startsAt <= now && now < endsAt && matchesAll(matchers, facts),
    )
    .sort((a, b) => b.endsAt - a.endsAt)[0];
}

import { hashOf } from '@faultline/stream';
import { factOf, type Facts } from './facts.ts';
import type { RouteField } from './policy.ts';

/** Longer keys are replaced by their hash, so that no producer can make an index row too large. */
const MAX_KEY_LENGTH = 200;

/** What Postgres does not take, or gives back as something else: NUL and halves of surrogate pairs. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Key of the incident that a record belongs to: the values of the grouping fields, joined by `|`. */
export function groupKeyOf(facts: Facts, groupBy: readonly RouteField[]): string {
  const key = groupBy.map((field) => factOf(facts, field).replaceAll('|', '%7C')).join('|');
  return key.length <= MAX_KEY_LENGTH && !UNSTORABLE.test(key) ? key : hashOf('group', key).slice(0, 32);
}

import type { ErrorRecord } from '@faultline/schemas';
import { routeFields, type RouteField } from './policy.ts';

/** What routes, groups and silences look at: values by field, the empty text where a record has none. */
export type Facts = Readonly<Record<string, string>>;

/** Facts of a record. */
export function factsOf(record: ErrorRecord): Facts {
  const { event, classification } = record;
  const known: Record<(typeof routeFields)[number], string | null> = {
    category: classification?.category ?? null,
    errorType: classification?.errorType ?? null,
    severity: classification?.severity ?? 'UNKNOWN',
    retryClass: classification?.retryClass ?? null,
    tool: classification?.tool ?? null,
    group: classification?.groupKey ?? `unclassified:${event.source}`,
    repository: event.repository,
    ref: event.ref,
    pipeline: event.pipeline,
    task: event.task,
    environment: event.environment,
    source: event.source,
    agent: event.agent,
    runner: event.runner,
    operation: event.operation,
  };
  return Object.fromEntries([
    ...routeFields.map((field) => [field, known[field] ?? '']),
    ...Object.entries(event.labels).map(([name, value]) => [`label:${name}`, value]),
  ]) as Facts;
}

/** The value of a field; the empty text where there is none. */
export const factOf = (facts: Facts, field: RouteField): string =>
  Object.hasOwn(facts, field) ? (facts[field] ?? '') : '';

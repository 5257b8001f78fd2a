import type { ErrorEvent, Rerun } from '@faultline/schemas';
import { redacted } from './detectors.ts';
import type { Redactor } from './redactor.ts';

type Values = Readonly<Record<string, string | number | boolean>>;

/** An event without secrets, in every field that holds text, keys of maps among them. The id stays as it is. */
export function redactEvent(event: ErrorEvent, redactor: Redactor): ErrorEvent {
  const text = redactor.text;
  const optional = (value: string | null): string | null => (value === null ? null : text(value));
  return {
    ...event,
    source: text(event.source),
    message: text(event.message),
    type: optional(event.type),
    stack: optional(event.stack),
    log:
      event.log === null
        ? null
        : { ...event.log, text: text(event.log.text), pointer: optional(event.log.pointer) },
    signal: optional(event.signal),
    severityHint: optional(event.severityHint),
    environment: optional(event.environment),
    repository: optional(event.repository),
    commit: optional(event.commit),
    ref: optional(event.ref),
    pipeline: optional(event.pipeline),
    run: optional(event.run),
    task: optional(event.task),
    runner: optional(event.runner),
    agent: optional(event.agent),
    labels: redactStrings(event.labels, redactor),
    context: redactMap(event.context, redactor),
    operation: optional(event.operation),
    rerun: event.rerun === null ? null : redactRerun(event.rerun, redactor),
    fingerprint: event.fingerprint.map(text),
  };
}

function redactRerun(rerun: Rerun, redactor: Redactor): Rerun {
  const optional = (value: string | null): string | null => (value === null ? null : redactor.text(value));
  return {
    ...rerun,
    target: redactor.text(rerun.target),
    method: optional(rerun.method),
    headers: redactStrings(rerun.headers, redactor),
    body: optional(rerun.body),
    key: optional(rerun.key),
    sideEffects: rerun.sideEffects.map(redactor.text),
    credentials: optional(rerun.credentials),
  };
}

function redactStrings(
  map: Readonly<Record<string, string>>,
  redactor: Redactor,
): Readonly<Record<string, string>> {
  return redactMap(map, redactor) as Readonly<Record<string, string>>;
}

function redactMap(map: Values, redactor: Redactor): Values {
  const names = Object.keys(map);
  if (names.length === 0) return map;
  const result: [string, string | number | boolean][] = names.map((name) => {
    const value = map[name] as string | number | boolean;
    const safeName = redactor.text(name);
    if (redactor.isSensitiveKey(name) && typeof value !== 'boolean') {
      return [safeName, isReference(value) ? value : redacted('named-secret')];
    }
    if (typeof value === 'string') return [safeName, redactor.text(value)];
    if (typeof value === 'number') {
      const digits = String(value);
      return redactor.text(digits) === digits ? [safeName, value] : [safeName, redacted('card-number')];
    }
    return [safeName, value];
  });
  return Object.fromEntries(result);
}

// A name of credentials such as `ci-bot`, or a variable that holds them, is no secret.
const isReference = (value: string | number): boolean =>
  typeof value === 'string' &&
  (value === '' || /^(?:\$\{?\w{1,64}\}?|\[redacted:[\w-]{1,40}\])$/.test(value));

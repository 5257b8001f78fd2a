import type { ErrorEvent } from '@faultline/schemas';
import type { Redactor } from './redact/redactor.ts';

const required = ['id', 'source', 'message'] as const;

/** Why an event cannot be taken, with the field and the remedy; undefined where it can. */
export function invalidReason(event: ErrorEvent, redactor: Redactor): string | undefined {
  const empty = required.find((field) => event[field].trim() === '');
  if (empty !== undefined) {
    return `the field ${empty} is empty; the producer has to fill it: id, time, source and message are required`;
  }
  // The id is the one field that must stay word for word, so a secret in it cannot be taken out.
  if (redactor.holdsShape(event.id)) {
    return 'the field id holds a credential; the producer has to give an id that is not secret, and to rotate that credential';
  }
  return undefined;
}

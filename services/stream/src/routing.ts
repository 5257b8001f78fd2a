import type { ErrorRecord } from '@faultline/schemas';
import type { NextTopic } from './stage.ts';

/** Key of a record on a topic of the line, as the topic table says. */
export function keyOn(topic: NextTopic | 'errors.delayed', record: ErrorRecord): string {
  switch (topic) {
    case 'errors.classified':
    case 'errors.delayed':
    case 'errors.fixable':
      return record.event.operation ?? record.event.id;
    case 'errors.unresolved':
    case 'errors.escalated':
      return record.classification?.fingerprint.id ?? record.event.id;
  }
}

/** FNV-1a (Fowler, Noll, Vo), 32 bits: which partition or slot a key belongs to. */
export function bucketOf(key: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % buckets;
}

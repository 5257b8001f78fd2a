import { readFileSync } from 'node:fs';
import type { Reception } from '../domain/received.ts';

/** A recorded payload of this folder, byte for byte. */
export const readPayload = (name: string): Buffer =>
  readFileSync(new URL(`./payloads/${name}`, import.meta.url));

/** When the payloads of the tests come in. */
export const RECEIVED_AT = 1_750_000_000_000;

/** A reception at a fixed time, with ids that count. */
export function reception(): Reception {
  let count = 0;
  return {
    now: RECEIVED_AT,
    newId: () => {
      count += 1;
      return `id-${count}`;
    },
  };
}

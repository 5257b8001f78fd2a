import type { SeededRandom } from './seeded-random.ts';

/** Reasons that bad bytes are expected to be dead-lettered for. */
export const poisonReasons = [
  'bad-magic',
  'truncated',
  'trailing-bytes',
  'unknown-schema',
  'schema-mismatch',
  'empty',
] as const;
/** Why bytes are bad. */
export type PoisonReason = (typeof poisonReasons)[number];

/** Bytes that no stage can read, and why. */
export interface Poison {
  readonly value: Buffer | null;
  readonly reason: PoisonReason;
}

const FRAME_BYTES = 5;
/** An id that no registry gives out before two thousand million schemas. */
const UNKNOWN_ID = 0x7ffffff0;

/** Spoils a good value. `foreignSchemaId` is of a registered schema that is not an event's. */
export function poisonOf(random: SeededRandom, good: Buffer, foreignSchemaId: number): Poison {
  const reason = random.pick(poisonReasons);
  const nonce = Buffer.alloc(4);
  nonce.writeUInt32BE(random.whole(0, 0xffffffff));
  switch (reason) {
    case 'bad-magic':
      return { reason, value: Buffer.concat([Buffer.from([7]), good.subarray(1), nonce]) };
    case 'truncated':
      return { reason, value: good.subarray(0, random.whole(FRAME_BYTES + 1, good.length - 1)) };
    case 'trailing-bytes':
      return { reason, value: Buffer.concat([good, nonce]) };
    case 'unknown-schema':
      return { reason, value: framed(UNKNOWN_ID, nonce) };
    case 'schema-mismatch':
      return { reason, value: framed(foreignSchemaId, Buffer.concat([Buffer.from([8]), nonce])) };
    case 'empty':
      return { reason, value: random.next() < 0.5 ? null : Buffer.alloc(0) };
  }
}

function framed(schemaId: number, body: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeInt32BE(schemaId, 1);
  return Buffer.concat([frame, body]);
}

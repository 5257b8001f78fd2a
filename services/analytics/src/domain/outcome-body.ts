import { avroType, registeredSchemas, type Outcome } from '@faultline/schemas';
import { hashOf } from '@faultline/stream';

const type = avroType(registeredSchemas.Outcome);

/** The schema that bodies are written with, and its hash. */
export const bodySchema = {
  text: JSON.stringify(registeredSchemas.Outcome),
  sha256: hashOf('outcome schema', JSON.stringify(registeredSchemas.Outcome)),
};

/** Bytes that one outcome takes at first; more are found where they do not do. */
const GUESS_BYTES = 1_024;

/** Outcomes as bytes of Avro, without frames, one behind the other, and how long each is. */
export function encodeBodies(outcomes: readonly Outcome[]): {
  readonly bytes: Buffer;
  readonly lengths: readonly number[];
} {
  let bytes = Buffer.allocUnsafe(outcomes.length * GUESS_BYTES);
  let start = 0;
  const lengths: number[] = [];
  for (const outcome of outcomes) {
    let end = type.encode(outcome, bytes, start);
    while (end < 0) {
      // minus what is missing
      const longer = Buffer.allocUnsafe(bytes.length * 2 - end);
      bytes.copy(longer, 0, 0, start);
      bytes = longer;
      end = type.encode(outcome, bytes, start);
    }
    lengths.push(end - start);
    start = end;
  }
  return { bytes: bytes.subarray(0, start), lengths };
}

/** Reads bodies of one schema, which may be older or newer than ours. */
export function bodyReader(schemaText: string): (body: Buffer) => Outcome {
  if (schemaText === bodySchema.text) return (body) => type.fromBuffer(body) as Outcome;
  const resolver = type.createResolver(avroType(JSON.parse(schemaText)));
  return (body) => type.fromBuffer(body, resolver) as Outcome;
}

import { avroType, registeredSchemas, type Outcome } from '@faultline/schemas';
import { hashOf } from '@faultline/stream';

const type = avroType(registeredSchemas.Outcome);

/** The schema that bodies are written with, and its hash. */
export const bodySchema = {
  text: JSON.stringify(registeredSchemas.Outcome),
  sha256: hashOf('outcome schema', JSON.stringify(registeredSchemas.Outcome)),
};

/** An outcome as bytes of Avro, without a frame. */
export const encodeBody = (outcome: Outcome): Buffer => type.toBuffer(outcome);

/** Reads bodies of one schema, which may be older or newer than ours. */
export function bodyReader(schemaText: string): (body: Buffer) => Outcome {
  if (schemaText === bodySchema.text) return (body) => type.fromBuffer(body) as Outcome;
  const resolver = type.createResolver(avroType(JSON.parse(schemaText)));
  return (body) => type.fromBuffer(body, resolver) as Outcome;
}

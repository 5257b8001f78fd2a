import { COMPATIBILITY, SchemaType } from '@kafkajs/confluent-schema-registry';
import {
  registeredSchemas,
  schemaTopics,
  subjectOf,
  topics,
  type TopicName,
  type TopicRecordName,
} from '@faultline/schemas';
import { Fault } from '@faultline/stream';
import { registryClient, registryDown } from '../registry/registry-codecs.ts';

/** Registers every schema under FULL_TRANSITIVE; the same again gives the same id. Throws where one is incompatible. */
export async function registerSchemas(url: string): Promise<Readonly<Partial<Record<TopicName, number>>>> {
  const client = registryClient(url);
  const ids: Partial<Record<TopicName, number>> = {};
  for (const topic of schemaTopics) {
    const schema = JSON.stringify(registeredSchemas[topics[topic].value as TopicRecordName]);
    try {
      const { id } = await client.register(
        { type: SchemaType.AVRO, schema },
        { subject: subjectOf(topic), compatibility: COMPATIBILITY.FULL_TRANSITIVE },
      );
      ids[topic] = id;
    } catch (error) {
      const status =
        typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
      const text = error instanceof Error ? error.message : String(error);
      if (status === 409 || /incompatible|does not match the configuration/i.test(text)) {
        throw new Fault('CONFIG_INVALID', `the schema of ${subjectOf(topic)} was refused: ${text}`, {
          remedy: 'give every added field a default, and change no type: subjects are FULL_TRANSITIVE',
          cause: error,
        });
      }
      throw registryDown(url, error);
    }
  }
  return ids;
}

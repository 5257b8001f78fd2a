import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import {
  RecordCodec,
  registeredSchemas,
  schemaTopics,
  subjectOf,
  topics,
  type SchemaLookup,
  type TopicName,
  type TopicRecordName,
} from '@faultline/schemas';
import { Fault } from '@faultline/stream';
import type { Codecs } from './codecs.ts';

/** What the client gives for an Avro schema: a type of avsc. */
interface WriterType {
  readonly schema: (options: { readonly exportAttrs: boolean }) => unknown;
}

const statusOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;

/** A client of the registry. */
export const registryClient = (url: string): SchemaRegistry =>
  new SchemaRegistry({ host: url.replace(/\/$/, '') });

/** Turns a failing call to the registry into a {@link Fault} that waits for it. */
export function registryDown(url: string, cause: unknown): Fault {
  return new Fault(
    'DEPENDENCY_DOWN',
    `schema registry at ${url}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { remedy: 'bring the registry back, or correct FAULTLINE_REGISTRY_URL', retryable: true, cause },
  );
}

/** Looks a writer's schema up; undefined where the registry has no such id. */
export function schemaLookup(url: string, client = registryClient(url)): SchemaLookup {
  return async (id) => {
    try {
      const type = (await client.getSchema(id)) as unknown as WriterType;
      return type.schema({ exportAttrs: true });
    } catch (error) {
      if (statusOf(error) === 404 || statusOf(error) === 422) return undefined;
      throw registryDown(url, error);
    }
  };
}

/**
 * Codecs with the ids under which our schemas were registered. Rejects where the registry is away, or where a
 * schema is not registered, which is done at deploy time and never here.
 */
export async function registryCodecs(url: string): Promise<Codecs> {
  const client = registryClient(url);
  const lookup = schemaLookup(url, client);
  const ids = new Map<TopicName, number>();
  await Promise.all(
    schemaTopics.map(async (topic) => {
      const name = topics[topic].value as TopicRecordName;
      try {
        const id = await client.getRegistryIdBySchema(subjectOf(topic), {
          type: SchemaType.AVRO,
          schema: JSON.stringify(registeredSchemas[name]),
        });
        ids.set(topic, id);
      } catch (error) {
        if (statusOf(error) !== 404 && !/not registered|not found/i.test(String(error)))
          throw registryDown(url, error);
        throw new Fault(
          'TOPIC_MISCONFIGURED',
          `${subjectOf(topic)} does not hold the schema of this version`,
          {
            remedy: 'run the provisioning of this version: faultline provision',
            cause: error,
          },
        );
      }
    }),
  );
  return codecsWith(ids, lookup);
}

/** Codecs with given ids. */
export function codecsWith(ids: ReadonlyMap<TopicName, number>, lookup: SchemaLookup): Codecs {
  const readers = new Map<TopicRecordName, RecordCodec<TopicRecordName>>();
  const reader = <Name extends TopicRecordName>(name: Name): RecordCodec<Name> => {
    let codec = readers.get(name);
    if (codec === undefined) {
      codec = new RecordCodec<TopicRecordName>(name, lookup);
      readers.set(name, codec);
    }
    return codec as unknown as RecordCodec<Name>;
  };
  return {
    reader,
    encode: (topic, record) => {
      const id = ids.get(topic);
      if (id === undefined) throw new Error(`the topic ${topic} has no schema`);
      return reader(topics[topic].value as TopicRecordName).encode(record, id);
    },
  };
}

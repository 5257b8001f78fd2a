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

/** A registry that starts reads its own log first, and denies what it will know a moment later. */
const ASK_AGAIN_MS = 1_000;

/** Whether the registry itself says that it knows an id; the client's memory is not asked. */
async function knows(url: string, id: number): Promise<boolean> {
  const address = `${url.replace(/\/$/, '')}/schemas/ids/${id}`;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  await response.arrayBuffer();
  if (!response.ok && response.status !== 404) throw new Error(`it answers ${response.status}`);
  return response.ok;
}

/**
 * Looks a writer's schema up; undefined where the registry has no such id. An id counts as unknown only where
 * the registry knows those of `witnesses` and denies this one twice: a dead letter cannot be taken back.
 */
export function schemaLookup(
  url: string,
  client = registryClient(url),
  witnesses: readonly number[] = [],
): SchemaLookup {
  const isUnknown = async (id: number): Promise<boolean> => {
    for (const witness of witnesses) {
      if (!(await knows(url, witness))) throw new Error(`it does not know schema ${witness}, which is ours`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    return !(await knows(url, id));
  };
  return async (id) => {
    try {
      const type = (await client.getSchema(id)) as unknown as WriterType;
      return type.schema({ exportAttrs: true });
    } catch (error) {
      const denied = statusOf(error) === 404 || statusOf(error) === 422;
      const unknown =
        denied && (await isUnknown(id).catch((cause: unknown) => Promise.reject(registryDown(url, cause))));
      if (unknown) return undefined;
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
  const ids = new Map<TopicName, number>();
  const own = new Map<number, unknown>();
  await Promise.all(
    schemaTopics.map(async (topic) => {
      const name = topics[topic].value as TopicRecordName;
      try {
        const id = await client.getRegistryIdBySchema(subjectOf(topic), {
          type: SchemaType.AVRO,
          schema: JSON.stringify(registeredSchemas[name]),
        });
        ids.set(topic, id);
        own.set(id, registeredSchemas[name]);
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
  const lookup = schemaLookup(url, client, [...own.keys()]);
  return codecsWith(ids, async (id) => own.get(id) ?? lookup(id));
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

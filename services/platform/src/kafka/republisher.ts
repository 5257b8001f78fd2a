import type { Producer } from 'kafkajs';
import type { KafkaConnection } from './connection.ts';

/** A record to publish again, as text. */
export interface Republished {
  readonly topic: string;
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Publishes records again, outside of any transaction. */
export interface Republisher {
  /** Resolves when every in-sync replica has the record. Rejects where that is not known. */
  readonly publish: (record: Republished, signal: AbortSignal) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A republisher that connects when it is first used, and anew after a failure. */
export function republisher(kafka: KafkaConnection, clientId: string): Republisher {
  let opened: Promise<Producer> | undefined;
  const open = async (): Promise<Producer> => {
    const producer = kafka.client(clientId).producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return producer;
  };
  const close = async (): Promise<void> => {
    const old = opened;
    opened = undefined;
    await old?.then(async (producer) => producer.disconnect()).catch(() => undefined);
  };
  return {
    publish: async ({ topic, key, value, headers }, signal) => {
      signal.throwIfAborted();
      opened ??= open();
      try {
        await (await opened).send({ topic, acks: -1, messages: [{ key, value, headers: { ...headers } }] });
      } catch (error) {
        await close();
        throw error;
      }
    },
    stop: close,
  };
}

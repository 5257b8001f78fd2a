import avro from 'avsc';
import type { ErrorEvent, ErrorRecord, Incident, Observation, Outcome, Work } from './events.ts';
import { registeredSchemas, type RecordName } from './registered.ts';
import { UndecodableError, WIRE_HEADER_BYTES, schemaIdOf } from './wire.ts';

/** Records that stand alone as the value of a topic. */
export interface TopicRecords {
  readonly ErrorEvent: ErrorEvent;
  readonly ErrorRecord: ErrorRecord;
  readonly Outcome: Outcome;
  readonly Observation: Observation;
  readonly Incident: Incident;
  readonly Work: Work;
}

/** Name of a record that is the value of a topic. */
export type TopicRecordName = keyof TopicRecords & RecordName;

/** The Avro type of a schema; long timestamps stay numbers of milliseconds. */
export const avroType = (schema: unknown): avro.Type =>
  avro.Type.forSchema(schema as avro.Schema, { logicalTypes: {} });

/** Looks up the writer's schema by id. Undefined where the registry does not know it; rejects where it cannot be asked. */
export type SchemaLookup = (id: number) => Promise<unknown>;

const INITIAL_BUFFER_BYTES = 64 * 1024;

/**
 * Encodes and decodes one kind of record in the Confluent wire format.
 *
 * The writer's schema is asked for once for each id, and the resolver from it to ours is kept, so that
 * decoding costs what avsc costs. An id that the registry does not know is asked for again after
 * `unknownForMs`, since a producer may register late.
 */
export class RecordCodec<N extends TopicRecordName> {
  readonly name: N;
  readonly #type: avro.Type;
  readonly #lookup: SchemaLookup;
  readonly #now: () => number;
  readonly #unknownForMs: number;
  readonly #writers = new Map<number, avro.Resolver | UndecodableError>();
  readonly #unknown = new Map<number, number>();
  #scratch = Buffer.allocUnsafe(INITIAL_BUFFER_BYTES);

  constructor(
    name: N,
    lookup: SchemaLookup,
    options: { readonly now?: () => number; readonly unknownForMs?: number } = {},
  ) {
    this.name = name;
    this.#type = avroType(registeredSchemas[name]);
    this.#lookup = lookup;
    this.#now = options.now ?? Date.now;
    this.#unknownForMs = options.unknownForMs ?? 10_000;
  }

  /** The value of a record, framed with `schemaId`. The buffer is the caller's to keep. */
  encode(record: TopicRecords[N], schemaId: number): Buffer {
    let end = this.#type.encode(record, this.#scratch, WIRE_HEADER_BYTES);
    if (end < 0) {
      // avsc answers how many bytes were lacking, as a negative number
      this.#scratch = Buffer.allocUnsafe((this.#scratch.length - end) * 2);
      end = this.#type.encode(record, this.#scratch, WIRE_HEADER_BYTES);
    }
    this.#scratch[0] = 0;
    this.#scratch.writeInt32BE(schemaId, 1);
    return Buffer.from(this.#scratch.subarray(0, end));
  }

  /**
   * Asks for the writers' schemas that these values need. Rejects with what `lookup` rejects with where the
   * registry cannot be reached: the caller waits, and never drops.
   */
  async prepare(values: Iterable<Buffer | null>): Promise<void> {
    const missing = new Set<number>();
    for (const value of values) {
      if (value === null || value.length < WIRE_HEADER_BYTES || value[0] !== 0) continue;
      const id = value.readInt32BE(1);
      if (!this.#writers.has(id) && this.#now() >= (this.#unknown.get(id) ?? 0)) missing.add(id);
    }
    await Promise.all([...missing].map(async (id) => this.#learn(id)));
  }

  /** The record in a value whose schema was prepared. Throws {@link UndecodableError}. */
  decode(value: Buffer | null): TopicRecords[N] {
    const id = schemaIdOf(value);
    const writer = this.#writers.get(id);
    if (writer === undefined) {
      throw new UndecodableError(
        'unknown-schema',
        `the registry knows no schema with id ${id}; register it first`,
      );
    }
    if (writer instanceof UndecodableError) throw writer;
    const bytes = value as Buffer;
    let decoded: { value: unknown; offset: number };
    try {
      decoded = this.#type.decode(bytes, WIRE_HEADER_BYTES, writer);
    } catch (cause) {
      throw new UndecodableError('truncated', `the bytes are not a ${this.name} of schema ${id}`, { cause });
    }
    if (decoded.offset < 0) {
      throw new UndecodableError('truncated', `the value ends inside a ${this.name} of schema ${id}`);
    }
    if (decoded.offset !== bytes.length) {
      const extra = bytes.length - decoded.offset;
      throw new UndecodableError(
        'trailing-bytes',
        `${extra} bytes stand behind the ${this.name} of schema ${id}`,
      );
    }
    return decoded.value as TopicRecords[N];
  }

  async #learn(id: number): Promise<void> {
    const schema = await this.#lookup(id);
    if (schema === undefined) {
      this.#unknown.set(id, this.#now() + this.#unknownForMs);
      return;
    }
    this.#unknown.delete(id);
    try {
      this.#writers.set(id, this.#type.createResolver(avroType(schema)));
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      this.#writers.set(
        id,
        new UndecodableError('schema-mismatch', `schema ${id} cannot be read as ${this.name}: ${detail}`, {
          cause,
        }),
      );
    }
  }
}

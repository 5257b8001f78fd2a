import type { RecordCodec, TopicName, TopicRecordName, TopicRecords, topics } from '@faultline/schemas';

/** Topics whose values have a schema, with their record. */
export type RecordOn<Topic extends TopicName> = (typeof topics)[Topic]['value'] extends infer Name
  ? Name extends TopicRecordName
    ? TopicRecords[Name]
    : never
  : never;

/** Encodes and decodes what lies on the topics, with the schema ids of the registry. */
export interface Codecs {
  /** The value of a record on `topic`. Throws for topics without a schema. */
  encode<Topic extends TopicName>(topic: Topic, record: RecordOn<Topic>): Buffer;
  /** The codec for reading a topic. */
  reader<Name extends TopicRecordName>(record: Name): RecordCodec<Name>;
}

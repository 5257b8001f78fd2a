import { describe, expect, it } from 'vitest';
import {
  errorEvent,
  openRecord,
  RecordCodec,
  registeredSchemas,
  type ErrorEvent,
  type TopicRecordName,
} from '@faultline/schemas';
import { redriven, type DeadLetterCodecs } from './redriven.ts';

const codecOf = async <N extends TopicRecordName>(name: N): Promise<RecordCodec<N>> => {
  const codec = new RecordCodec(name, async (id) => (id === 1 ? registeredSchemas[name] : undefined));
  await codec.prepare([Buffer.from([0, 0, 0, 0, 1, 0])]);
  return codec;
};
const events = await codecOf('ErrorEvent');
const records = await codecOf('ErrorRecord');
const codecs: DeadLetterCodecs = { events, records };

const event: ErrorEvent = errorEvent({ id: 'a', time: 1, source: 's', message: 'm', operation: 'build' });
const headers = (topic: string) => ({
  '__connect.errors.topic': topic,
  '__connect.errors.partition': '2',
  '__connect.errors.offset': '17',
});

describe('a dead letter', () => {
  it('of errors.raw becomes the same event, in the place of the record that it was', () => {
    const letter = { value: events.encode(event, 1), headers: headers('errors.raw') };
    expect(redriven(letter, 'topic', codecs)).toEqual({
      kind: 'event',
      key: 'build',
      event: { ...event, redriveOf: { topicId: 'topic', partition: 2, offset: 17 } },
    });
  });

  it('of a topic behind it becomes its event, in the place of its coordinate', () => {
    const coordinate = { topicId: 'older', partition: 1, offset: 3 };
    const record = openRecord(event, coordinate, 5, 10);
    const letter = { value: records.encode(record, 1), headers: headers('errors.fixable') };
    expect(redriven(letter, 'topic', codecs)).toMatchObject({ event: { redriveOf: coordinate } });
  });

  it('stays where it was redriven before, cannot be read, or does not say where it was', () => {
    const again = events.encode({ ...event, redriveOf: { topicId: 't', partition: 0, offset: 0 } }, 1);
    const stays = (value: Buffer | null, of = headers('errors.raw') as Record<string, string>) =>
      redriven({ value, headers: of }, 'topic', codecs);
    expect(stays(again)).toEqual({ kind: 'stays', why: 'redriven-before' });
    expect(stays(Buffer.from('garbage'))).toEqual({ kind: 'stays', why: 'undecodable' });
    expect(stays(null)).toEqual({ kind: 'stays', why: 'undecodable' });
    expect(stays(events.encode(event, 1), {})).toEqual({ kind: 'stays', why: 'no-coordinate' });
  });
});

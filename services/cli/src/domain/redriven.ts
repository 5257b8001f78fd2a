import { UndecodableError, type Coordinate, type ErrorEvent, type RecordCodec } from '@faultline/schemas';

/** Why a dead letter is not sent again. */
export type NotRedriven = 'undecodable' | 'redriven-before' | 'no-coordinate';

/** What a dead letter becomes: a new event, or the reason why it stays. */
export type Redriven =
  | { readonly kind: 'event'; readonly event: ErrorEvent; readonly key: string }
  | { readonly kind: 'stays'; readonly why: NotRedriven };

/** A dead letter as it was read. */
export interface DeadLetter {
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Codecs for what may lie in a dead letter; the writers' schemas of the value must have been prepared. */
export interface DeadLetterCodecs {
  readonly events: Pick<RecordCodec<'ErrorEvent'>, 'decode'>;
  readonly records: Pick<RecordCodec<'ErrorRecord'>, 'decode'>;
}

/** Header that says on which topic the record lay. */
const TOPIC = '__connect.errors.topic';
const PARTITION = '__connect.errors.partition';
const OFFSET = '__connect.errors.offset';

/**
 * The event that takes the place of a dead letter: the same event with `redriveOf`. A record that was redriven
 * before and died again stays, so that nothing goes round for ever.
 */
export function redriven(letter: DeadLetter, rawTopicId: string, codecs: DeadLetterCodecs): Redriven {
  const topic = letter.headers[TOPIC] ?? 'errors.raw';
  try {
    const found: { event: ErrorEvent; coordinate: Coordinate | undefined } =
      topic === 'errors.raw'
        ? { event: codecs.events.decode(letter.value), coordinate: coordinateIn(letter.headers, rawTopicId) }
        : codecs.records.decode(letter.value);
    const { event, coordinate } = found;
    if (event.redriveOf !== null) return { kind: 'stays', why: 'redriven-before' };
    if (coordinate === undefined) return { kind: 'stays', why: 'no-coordinate' };
    return {
      kind: 'event',
      event: { ...event, redriveOf: coordinate },
      key: event.operation ?? event.id,
    };
  } catch (error) {
    if (error instanceof UndecodableError) return { kind: 'stays', why: 'undecodable' };
    throw error;
  }
}

function coordinateIn(headers: DeadLetter['headers'], topicId: string): Coordinate | undefined {
  const partition = Number(headers[PARTITION] ?? Number.NaN);
  const offset = Number(headers[OFFSET] ?? Number.NaN);
  return Number.isInteger(partition) && Number.isInteger(offset) ? { topicId, partition, offset } : undefined;
}

import { readContractInput, type InputProblem, type TopicRecords } from '@faultline/schemas';
import { parseJson } from '../domain/parse-json.ts';
import { unreadable, type Adapted, type Reception } from '../domain/received.ts';

/** Records that one request may carry. */
export const MAX_BATCH = 1_000;

type Kind = 'ErrorEvent' | 'Observation';

/**
 * Plain JSON: one record of the contract or a list of them, all taken or none. What may be absent is filled:
 * an id of our own, the time of reception, the source `http`.
 */
export function readPlainJson(kind: Kind, body: Buffer, reception: Reception): Adapted {
  const parsed = parseJson(body);
  if (!parsed.ok)
    return unreadable(`is no JSON: ${parsed.why}`, 'send one object or a list of objects as JSON');
  const single = !Array.isArray(parsed.value);
  const inputs = single ? [parsed.value] : (parsed.value as readonly unknown[]);
  if (inputs.length === 0) return unreadable('is an empty list', 'send at least one object');
  if (inputs.length > MAX_BATCH) {
    return unreadable(`holds ${inputs.length} records`, `send at most ${MAX_BATCH} in one request`);
  }
  const problems: InputProblem[] = [];
  const values = inputs.flatMap((input, index) => {
    const read = readContractInput(kind, input, fillOf(kind, reception));
    if (read.ok) return [read.value];
    const prefix = single ? '' : `[${index}]`;
    problems.push(
      ...read.problems.map((one) => ({
        ...one,
        field: one.field === '' || single ? `${prefix}${one.field}` : `${prefix}.${one.field}`,
      })),
    );
    return [];
  });
  if (problems.length > 0) return { ok: false, problems };
  return kind === 'ErrorEvent'
    ? { ok: true, events: values as readonly TopicRecords['ErrorEvent'][], observations: [] }
    : { ok: true, events: [], observations: values as readonly TopicRecords['Observation'][] };
}

const fillOf = (kind: Kind, { now, newId }: Reception): Partial<TopicRecords[Kind]> =>
  kind === 'ErrorEvent'
    ? { id: newId(), time: now, source: 'http' }
    : { id: newId(), at: now, source: 'http' };

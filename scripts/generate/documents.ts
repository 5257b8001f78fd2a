import {
  delayTiersMs,
  schemaTopics,
  subjectOf,
  topicNames,
  topics,
  type TopicName,
} from '../../schemas/src/topics.ts';

/** The topic table as Markdown. */
export function topicsDocument(): string {
  const rows = topicNames.map((name) => {
    const { value, key, writtenBy, readBy, retentionMs, doc } = topics[name];
    const days = retentionMs / 86_400_000;
    return `| ${name} | ${value} | ${key} | ${writtenBy.join(', ')} | ${readBy.join(', ')} | ${days} days | ${doc} |`;
  });
  return [
    '# Topics',
    '',
    'Generated from `schemas/src/topics.ts` by `npm run generate`. Do not edit.',
    '',
    '| topic | value | key | written by | read by | kept | what it is |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
    `Delay tiers of errors.delayed in milliseconds: ${delayTiersMs.join(', ')}; partition = slot * ${delayTiersMs.length} + tier.`,
    '',
  ].join('\n');
}

/** The topics as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0), for those who subscribe. */
export function asyncApi(version: string, schemas: ReadonlyMap<string, unknown>): string {
  const messageOf = (topic: TopicName): unknown => {
    const { value } = topics[topic];
    if (value === 'bytes') return { contentType: 'application/octet-stream' };
    return {
      contentType: 'application/vnd.apache.avro',
      description: `Confluent wire format; subject ${subjectOf(topic)}.`,
      payload: {
        schemaFormat: 'application/vnd.apache.avro;version=1.9.0',
        schema: { $ref: `#/components/schemas/${value}` },
      },
    };
  };
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Faultline', version, license: { name: 'MIT' }, description: 'The topics of the line.' },
    defaultContentType: 'application/vnd.apache.avro',
    channels: Object.fromEntries(
      topicNames.map((name) => [
        name.replaceAll('.', '-'),
        { address: name, description: topics[name].doc, messages: { record: messageOf(name) } },
      ]),
    ),
    operations: {
      reportError: {
        action: 'receive',
        channel: { $ref: '#/channels/errors-raw' },
        summary: 'Produce an error here.',
      },
      reportObservation: {
        action: 'receive',
        channel: { $ref: '#/channels/errors-feedback' },
        summary: 'Produce what the world did here.',
      },
      escalate: {
        action: 'send',
        channel: { $ref: '#/channels/errors-escalated' },
        summary: 'Subscribe to what needs an agent or a person.',
      },
      incident: {
        action: 'send',
        channel: { $ref: '#/channels/errors-incidents' },
        summary: 'Subscribe to the transitions of incidents.',
      },
    },
    components: {
      schemas: Object.fromEntries(
        schemaTopics.map((name) => [topics[name].value, schemas.get(topics[name].value)]),
      ),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

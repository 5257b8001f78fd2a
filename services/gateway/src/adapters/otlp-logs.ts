import { hashOf } from '@faultline/stream';
import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { list, member, parseJson, text } from '../domain/parse-json.ts';
import { unreadable, type Adapted, type Reception } from '../domain/received.ts';

/** SEVERITY_NUMBER_ERROR of OpenTelemetry; 21 and above are fatal. */
const ERROR_SEVERITY = 17;
const FATAL_SEVERITY = 21;

type Value = string | number | boolean;
type Attributes = Readonly<Record<string, Value>>;

/**
 * OTLP logs as JSON: log records of severity 17 and above, or with `exception.*` attributes. They carry no id,
 * so theirs is a hash of what they say: the same export sent again is a duplicate.
 */
export function readOtlpLogs(body: Buffer, { now }: Reception): Adapted {
  const parsed = parseJson(body);
  if (!parsed.ok)
    return unreadable(`is no JSON: ${parsed.why}`, 'export with the encoding http/json, not http/protobuf');
  const resourceLogs = member(parsed.value, 'resourceLogs');
  if (!Array.isArray(resourceLogs)) {
    return unreadable('is missing', 'send an ExportLogsServiceRequest as JSON', 'resourceLogs');
  }
  const events = resourceLogs.flatMap((entry: unknown) => {
    const resource = attributesOf(member(entry, 'resource', 'attributes'));
    return list(member(entry, 'scopeLogs')).flatMap((scope) =>
      list(member(scope, 'logRecords')).flatMap((record) => eventOf(record, resource, now)),
    );
  });
  return {
    ok: true,
    events,
    observations: [],
    ...(events.length === 0 ? { ignored: 'no log record is an error' } : {}),
  };
}

function eventOf(record: unknown, resource: Attributes, now: number): readonly ErrorEvent[] {
  const own = attributesOf(member(record, 'attributes'));
  const severity = Number(member(record, 'severityNumber') ?? 0);
  const thrown = text(own['exception.type']) ?? text(own['exception.message']);
  if (severity < ERROR_SEVERITY && thrown === null) return [];
  const all = { ...resource, ...own };
  const attribute = (...names: readonly string[]): string | null =>
    names
      .map((name) => all[name])
      .find((value) => value !== undefined && value !== '')
      ?.toString() ?? null;
  const body = valueOf(member(record, 'body'));
  const message = attribute('exception.message') ?? (body === undefined ? null : String(body));
  const at =
    Number(member(record, 'timeUnixNano') ?? 0) || Number(member(record, 'observedTimeUnixNano') ?? 0);
  return [
    errorEvent({
      id: `otlp-${hashOf(JSON.stringify(resource), JSON.stringify(record)).slice(0, 32)}`,
      time: at > 0 ? Math.floor(at / 1e6) : now,
      source: attribute('service.name') ?? 'otlp',
      message: message ?? 'an error without a message',
      type: attribute('exception.type', 'error.type'),
      stack: attribute('exception.stacktrace'),
      severityHint: severity >= FATAL_SEVERITY ? 'critical' : null,
      environment: attribute('deployment.environment.name', 'deployment.environment'),
      repository: attribute('vcs.repository.name', 'vcs.repository.url.full'),
      commit: attribute('vcs.ref.head.revision'),
      ref: attribute('vcs.ref.head.name'),
      pipeline: attribute('cicd.pipeline.name'),
      run: attribute('cicd.pipeline.run.id'),
      task: attribute('cicd.pipeline.task.name'),
      runner: attribute('cicd.worker.name', 'cicd.worker.id'),
      labels: labelsOf(record),
      context: own,
    }),
  ];
}

function labelsOf(record: unknown): Readonly<Record<string, string>> {
  const entries = [
    ['traceId', text(member(record, 'traceId'))],
    ['spanId', text(member(record, 'spanId'))],
    ['severity', text(member(record, 'severityText'))],
  ].filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(entries);
}

function attributesOf(attributes: unknown): Attributes {
  const entries = list(attributes).flatMap((attribute): [string, Value][] => {
    const key = text(member(attribute, 'key'));
    const value = valueOf(member(attribute, 'value'));
    return key === null || value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(entries);
}

/** An AnyValue; 64-bit integers come as texts in JSON, lists and maps are kept as JSON. */
function valueOf(value: unknown): Value | undefined {
  const given = member(value, 'stringValue') ?? member(value, 'boolValue') ?? member(value, 'doubleValue');
  if (typeof given === 'string' || typeof given === 'boolean' || typeof given === 'number') return given;
  const whole = member(value, 'intValue');
  if (whole !== undefined) return Number(whole);
  const nested = member(value, 'arrayValue') ?? member(value, 'kvlistValue') ?? member(value, 'bytesValue');
  return nested === undefined ? undefined : JSON.stringify(nested);
}

import { errorEvent, type ErrorEvent } from '@faultline/schemas';
import { list, member, parseJson, text, whole } from '../domain/parse-json.ts';
import { unreadable, type Adapted, type Reception } from '../domain/received.ts';

const NEWLINE = 0x0a;
/** A release is often the commit itself, but may be any name. */
const COMMIT = /^[0-9a-f]{7,40}$/;

/** An item of an envelope: its header and its bytes. */
interface Item {
  readonly header: unknown;
  readonly payload: Buffer;
}

/**
 * A Sentry envelope: a header line, then items of a header line and a payload. Items without `length` run to the
 * newline; items of other types than `event` are skipped.
 */
export function readSentryEnvelope(body: Buffer, { now }: Reception): Adapted {
  const headerEnd = lineEnd(body, 0);
  const header = parseJson(body.subarray(0, headerEnd));
  if (!header.ok) {
    return unreadable(`has no envelope header: ${header.why}`, 'send an envelope as Sentry SDKs do');
  }
  const events: ErrorEvent[] = [];
  for (const item of itemsOf(body, headerEnd + 1)) {
    if (member(item.header, 'type') !== 'event') continue;
    const payload = parseJson(item.payload);
    if (!payload.ok) return unreadable(`is no JSON: ${payload.why}`, 'send the item as JSON', 'event');
    const id = text(member(payload.value, 'event_id')) ?? text(member(header.value, 'event_id'));
    if (id === null) return unreadable('is missing', 'give it: 32 hexadecimal digits', 'event.event_id');
    const event = eventOf(payload.value, id, now);
    if (event !== undefined) events.push(event);
  }
  return {
    ok: true,
    events,
    observations: [],
    ...(events.length === 0 ? { ignored: 'no item is an error' } : {}),
  };
}

function* itemsOf(body: Buffer, start: number): Generator<Item> {
  let at = start;
  while (at < body.length) {
    const headerEnd = lineEnd(body, at);
    const header = parseJson(body.subarray(at, headerEnd));
    if (!header.ok) {
      at = headerEnd + 1; // blank lines may stand at the end
      continue;
    }
    const length = member(header.value, 'length');
    const begin = headerEnd + 1;
    const end =
      typeof length === 'number' && length >= 0
        ? Math.min(body.length, begin + length)
        : lineEnd(body, begin);
    yield { header: header.value, payload: body.subarray(begin, end) };
    at = end + 1;
  }
}

function lineEnd(body: Buffer, from: number): number {
  const end = body.indexOf(NEWLINE, from);
  return end < 0 ? body.length : end;
}

/** Undefined where the event is no error: neither an exception nor a message of level error. */
function eventOf(payload: unknown, id: string, now: number): ErrorEvent | undefined {
  const values = list(member(payload, 'exception', 'values') ?? member(payload, 'exception'));
  const level = text(member(payload, 'level')) ?? 'error';
  const outermost = values.at(-1); // causes come first
  const logged =
    text(member(payload, 'logentry', 'formatted')) ??
    text(member(payload, 'logentry', 'message')) ??
    text(member(payload, 'message'));
  if (outermost === undefined && (logged === null || !['error', 'fatal'].includes(level))) return undefined;
  const type = text(member(outermost, 'type'));
  const value = text(member(outermost, 'value'));
  const tags = tagsOf(member(payload, 'tags'));
  const release = text(member(payload, 'release'));
  return errorEvent({
    id,
    time: timeOf(member(payload, 'timestamp')) ?? now,
    source: text(member(payload, 'server_name')) ?? text(member(payload, 'platform')) ?? 'sentry',
    message: value ?? logged ?? type ?? 'an error without a message',
    type,
    stack: values.length === 0 ? null : stackOf(values),
    severityHint: level === 'fatal' ? 'critical' : null,
    environment: text(member(payload, 'environment')),
    commit: release !== null && COMMIT.test(release) ? release : null,
    operation: text(member(payload, 'transaction')),
    labels: { ...tags, ...(release === null ? {} : { release }) },
    fingerprint: list(member(payload, 'fingerprint')).filter((part) => typeof part === 'string'),
  });
}

/** Exceptions as a trace, the outermost first, each with its frames, innermost first. */
function stackOf(values: readonly unknown[]): string {
  return [...values]
    .reverse()
    .flatMap((exception, index) => {
      const name = text(member(exception, 'type')) ?? 'Error';
      const value = text(member(exception, 'value'));
      const headline = `${index === 0 ? '' : 'Caused by: '}${name}${value === null ? '' : `: ${value}`}`;
      return [headline, ...[...list(member(exception, 'stacktrace', 'frames'))].reverse().map(frameOf)];
    })
    .join('\n');
}

function frameOf(frame: unknown): string {
  const file = text(member(frame, 'filename')) ?? text(member(frame, 'abs_path')) ?? 'unknown';
  const place = [file, whole(member(frame, 'lineno')), whole(member(frame, 'colno'))].filter(
    (part) => part !== null,
  );
  const name = text(member(frame, 'function')) ?? text(member(frame, 'module')) ?? '<anonymous>';
  return `    at ${name} (${place.join(':')})`;
}

/** Tags come as an object or as a list of pairs. */
function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  const pairs = Array.isArray(tags)
    ? tags.map((pair: unknown) => [list(pair)[0], list(pair)[1]] as const)
    : Object.entries(typeof tags === 'object' && tags !== null ? tags : {});
  return Object.fromEntries(
    pairs.flatMap(([name, value]) =>
      typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );
}

/** Seconds since the epoch, or ISO 8601. */
function timeOf(value: unknown): number | undefined {
  const time =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? Math.floor(time) : undefined;
}

import { recordedError, type ErrorInfo } from '../alone/recorded-error.ts';

/** What a pattern is looked for in: one error, its time and what is known around it. */
export interface PatternEvent {
  readonly at: number;
  readonly errorType: string;
  /** Attribute to value; numbers stand in bands. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Attributes by the kind of pattern that they make; whatever else a context holds is contextual. */
const behavioural = new Set(['userId', 'user', 'actor', 'agent', 'author', 'activeUsers']);
const environmental = new Set([
  'environment',
  'runner',
  'region',
  'host',
  'os',
  'cpuUsage',
  'memoryUsage',
  'diskUsage',
]);

/** Kind of pattern that an attribute makes. */
export function kindOf(attribute: string): 'behavioral' | 'environmental' | 'contextual' {
  const name = attribute.slice(attribute.lastIndexOf('.') + 1);
  if (behavioural.has(name)) return 'behavioral';
  return environmental.has(name) ? 'environmental' : 'contextual';
}

/** Names of events that say nothing about circumstances. */
const noAttribute = new Set([
  'message',
  'name',
  'type',
  'errorType',
  'category',
  'severity',
  'fingerprint',
  'title',
  'timestamp',
  'time',
  'stack',
  'classification',
  'context',
  'labels',
  'id',
  'log',
  'cause',
]);
const MOST_ATTRIBUTES = 50;
/** Numbers are compared in bands of ten. */
const BAND = 10;

/** Makes an event of what a caller gives: an error with its context in `context`, `labels` or beside it. */
export function patternEvent(
  given: ErrorInfo & Readonly<Record<string, unknown>>,
  now: number,
): PatternEvent {
  const { at, errorType } = recordedError(given, {}, undefined, now);
  const beside = Object.fromEntries(Object.entries(given).filter(([name]) => !noAttribute.has(name)));
  return {
    at,
    errorType,
    attributes: attributesOf({ ...beside, ...objectOf(given['labels']), ...objectOf(given['context']) }),
  };
}

/** A context as attributes, one level deep, numbers in bands. */
export function attributesOf(context: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  const add = (name: string, value: unknown, depth: number): void => {
    if (Object.keys(attributes).length >= MOST_ATTRIBUTES) return;
    if (typeof value === 'string' && value !== '') attributes[name] = value.slice(0, 200);
    else if (typeof value === 'boolean') attributes[name] = String(value);
    else if (typeof value === 'number' && Number.isFinite(value)) attributes[name] = band(value);
    else if (depth < 1)
      for (const [key, inner] of Object.entries(objectOf(value))) add(`${name}.${key}`, inner, depth + 1);
  };
  for (const [name, value] of Object.entries(context)) add(name, value, 0);
  return attributes;
}

function band(value: number): string {
  const low = Math.floor(value / BAND) * BAND;
  return `${low} to ${low + BAND}`;
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

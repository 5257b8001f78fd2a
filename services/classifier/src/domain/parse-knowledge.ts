import { classificationRetryClassValues } from '@faultline/schemas';
import type { Merges } from './merges.ts';
import type { ModelBody } from './model/linear-model.ts';
import { FEATURE_BUCKETS } from './model/model-features.ts';
import type { LearnedPattern, LearnedPatterns } from './patterns/learned-pattern.ts';

/** Stored knowledge is malformed; the message names the field. */
export class KnowledgeMalformed extends Error {
  constructor(field: string, why: string) {
    super(`${field} ${why}`);
    this.name = 'KnowledgeMalformed';
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Checks stored patterns. */
export function parsePatterns(stored: unknown): LearnedPatterns {
  const { patterns } = known(stored, 'patterns');
  if (!Array.isArray(patterns)) throw new KnowledgeMalformed('patterns.patterns', 'is not a list');
  return { format: 1, patterns: patterns.map(parsePattern) };
}

/** Checks stored merges. */
export function parseMerges(stored: unknown): Merges {
  const groups = object(known(stored, 'merges')['groups'], 'merges.groups');
  for (const [from, to] of Object.entries(groups)) {
    if (typeof to !== 'string') throw new KnowledgeMalformed(`merges.groups.${from}`, 'is not a text');
  }
  return { format: 1, groups: groups as Readonly<Record<string, string>> };
}

/** Checks a stored model. */
export function parseModel(stored: unknown): ModelBody {
  const body = known(stored, 'model');
  const { categories, weights, bias } = body;
  if (!Array.isArray(categories) || !categories.every((one) => typeof one === 'string')) {
    throw new KnowledgeMalformed('model.categories', 'is not a list of texts');
  }
  if (
    !Array.isArray(bias) ||
    bias.length !== categories.length ||
    !bias.every((one) => Number.isFinite(one))
  ) {
    throw new KnowledgeMalformed('model.bias', 'does not hold one number for each category');
  }
  if (
    typeof weights !== 'string' ||
    Buffer.byteLength(weights, 'base64') !== categories.length * FEATURE_BUCKETS
  ) {
    throw new KnowledgeMalformed('model.weights', `does not hold ${FEATURE_BUCKETS} bytes for each category`);
  }
  const temperature = number(body, 'temperature', 'model');
  if (temperature <= 0) throw new KnowledgeMalformed('model.temperature', 'is not above 0');
  return {
    format: 1,
    categories: categories as readonly string[],
    weights,
    scale: number(body, 'scale', 'model'),
    bias: bias as readonly number[],
    temperature,
    examples: number(body, 'examples', 'model'),
  };
}

function parsePattern(value: unknown, index: number): LearnedPattern {
  const where = `patterns.patterns[${index}]`;
  const pattern = object(value, where);
  const confidence = number(pattern, 'confidence', where);
  if (confidence < 0 || confidence > 1)
    throw new KnowledgeMalformed(`${where}.confidence`, 'is not between 0 and 1');
  const retryClass = classificationRetryClassValues.find((one) => one === pattern['retryClass']);
  if (pattern['retryClass'] !== undefined && retryClass === undefined) {
    throw new KnowledgeMalformed(
      `${where}.retryClass`,
      `is none of ${classificationRetryClassValues.join(', ')}`,
    );
  }
  return {
    id: text(pattern, 'id', where),
    template: text(pattern, 'template', where),
    category: text(pattern, 'category', where),
    ...(retryClass === undefined ? {} : { retryClass }),
    ...(pattern['remedy'] === undefined ? {} : { remedy: text(pattern, 'remedy', where) }),
    support: number(pattern, 'support', where),
    confidence,
  };
}

function known(stored: unknown, kind: string): Fields {
  const body = object(stored, kind);
  if (body['format'] !== 1)
    throw new KnowledgeMalformed(`${kind}.format`, 'is not 1, which is what this version reads');
  return body;
}

function object(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new KnowledgeMalformed(where, 'is not an object');
  return value as Fields;
}

function text(from: Fields, name: string, where: string): string {
  const value = from[name];
  if (typeof value !== 'string' || value === '')
    throw new KnowledgeMalformed(`${where}.${name}`, 'is not a text');
  return value;
}

function number(from: Fields, name: string, where: string): number {
  const value = from[name];
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new KnowledgeMalformed(`${where}.${name}`, 'is not a number');
  return value;
}

type Scalar = string | number | boolean;

/** Names that a context may have; more are left out, and `contextTruncated` says so. */
const MAX_NAMES = 200;
/** How deep objects are followed: `system.cpuUsage` is depth two. */
const MAX_DEPTH = 4;
/** Characters of a text. */
const MAX_TEXT = 10_000;

/**
 * A caller's context as the contract carries it: texts, numbers and booleans by dotted name. What has no value
 * there, such as a function, is left out; a cycle ends at the depth that is followed.
 */
export function flatContext(
  context: Readonly<Record<string, unknown>>,
  without: ReadonlySet<string>,
): Readonly<Record<string, Scalar>> {
  const flat: [string, Scalar][] = [];
  let truncated = false;
  const add = (name: string, value: unknown, depth: number): void => {
    if (flat.length >= MAX_NAMES) {
      truncated = true;
      return;
    }
    const scalar = scalarOf(value);
    if (scalar !== undefined) flat.push([name, scalar]);
    else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
      for (const [inner, held] of Object.entries(value)) add(`${name}.${inner}`, held, depth + 1);
    }
  };
  for (const [name, value] of Object.entries(context)) if (!without.has(name)) add(name, value, 1);
  return Object.fromEntries(truncated ? [...flat, ['contextTruncated', true] as const] : flat);
}

function scalarOf(value: unknown): Scalar | undefined {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, MAX_TEXT);
  return value instanceof URL ? value.href : undefined;
}

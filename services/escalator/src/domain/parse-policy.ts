import { classificationRetryClassValues, fixProposalRiskValues, type Severity } from '@faultline/schemas';
import { defaultPolicy } from './default-policy.ts';
import {
  channelNames,
  routedLevels,
  routeFields,
  type EscalationPolicy,
  type Matcher,
  type Route,
  type RouteField,
  type RouteSettings,
} from './policy.ts';
import {
  anyText,
  arrayOf,
  boolean,
  list,
  naturalNumber,
  object,
  oneOf,
  optional,
  share,
  text,
  type Reader,
} from './read-field.ts';

const severities = ['UNKNOWN', 'low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
const MAX_ROUNDS = 2;
const MAX_DEPTH = 16;

const routeField: Reader<RouteField> = (value, at) => {
  const name = text(value, at);
  return name.startsWith('label:') && name.length > 'label:'.length
    ? (name as RouteField)
    : oneOf(routeFields)(value, at);
};

/** Reads one condition. Throws an error that names the field. */
export const readMatcher: Reader<Matcher> = (value, at) => {
  const given = object(value, at, ['field', 'op', 'values']);
  const matcher: Matcher = {
    field: routeField(given['field'], `${at}.field`),
    op: oneOf(['is', 'is-not', 'at-least'] as const)(given['op'], `${at}.op`),
    values: arrayOf(anyText)(given['values'], `${at}.values`),
  };
  if (matcher.values.length === 0) throw new Error(`${at}.values: at least one value`);
  if (matcher.op === 'at-least') {
    if (matcher.field !== 'severity') throw new Error(`${at}.op: at-least is for severity alone`);
    matcher.values.forEach((severity, index) => oneOf(severities)(severity, `${at}.values[${index}]`));
  }
  return matcher;
};

const settingReaders: { readonly [Key in keyof RouteSettings]: Reader<RouteSettings[Key]> } = {
  level: oneOf(routedLevels),
  channels: list(oneOf(channelNames)),
  groupBy: list(routeField),
  allowRounds: boolean,
  groupWaitMs: naturalNumber,
  groupIntervalMs: naturalNumber,
  repeatIntervalMs: naturalNumber,
  reopenWithinMs: naturalNumber,
  deadlineMs: (value, at) => (value === null ? null : naturalNumber(value, at)),
};
const settingNames = Object.keys(settingReaders) as readonly (keyof RouteSettings)[];

function readSettings(given: Readonly<Record<string, unknown>>, at: string): Partial<RouteSettings> {
  return Object.fromEntries(
    settingNames
      .filter((name) => given[name] !== undefined)
      .map((name) => [name, settingReaders[name](given[name], `${at}.${name}`)]),
  );
}

function readRoute(value: unknown, at: string, depth: number, seen: Set<string>): Route {
  if (depth > MAX_DEPTH) throw new Error(`${at}: more than ${MAX_DEPTH} levels of routes`);
  const given = object(value, at, ['id', 'match', 'continue', 'routes', ...settingNames]);
  const id = text(given['id'], `${at}.id`);
  if (seen.has(id) || id === 'default') throw new Error(`${at}.id: ${id} is already a route`);
  seen.add(id);
  return {
    id,
    match: optional(arrayOf(readMatcher), [])(given['match'], `${at}.match`),
    continue: optional(boolean, false)(given['continue'], `${at}.continue`),
    routes: optional(
      arrayOf((child, where) => readRoute(child, where, depth + 1, seen)),
      [],
    )(given['routes'], `${at}.routes`),
    ...readSettings(given, at),
  };
}

/**
 * Checks a stored policy. What it leaves out of `rounds`, `deadlinesMs` and `defaults` stands as in
 * {@link defaultPolicy}; an unknown key is an error. Throws an error that names the field.
 */
export function parsePolicy(stored: unknown): EscalationPolicy {
  const given = object(stored, 'policy', ['name', 'rounds', 'deadlinesMs', 'defaults', 'routes']);
  const rounds = optional((value, at) => object(value, at, Object.keys(defaultPolicy.rounds)), {})(
    given['rounds'],
    'policy.rounds',
  );
  const deadlines = optional((value, at) => object(value, at, severities), {})(
    given['deadlinesMs'],
    'policy.deadlinesMs',
  );
  const defaults = optional((value, at) => object(value, at, settingNames), {})(
    given['defaults'],
    'policy.defaults',
  );
  const { rounds: known } = defaultPolicy;
  const max = optional(naturalNumber, known.max)(rounds['max'], 'policy.rounds.max');
  if (max > MAX_ROUNDS) throw new Error(`policy.rounds.max: at most ${MAX_ROUNDS}`);
  const seen = new Set<string>();
  return {
    name: text(given['name'], 'policy.name'),
    rounds: {
      max,
      minRemainingMs: optional(naturalNumber, known.minRemainingMs)(
        rounds['minRemainingMs'],
        'policy.rounds.minRemainingMs',
      ),
      retryClasses: optional(list(oneOf(classificationRetryClassValues)), known.retryClasses)(
        rounds['retryClasses'],
        'policy.rounds.retryClasses',
      ),
      fixConfidence: optional(share, known.fixConfidence)(
        rounds['fixConfidence'],
        'policy.rounds.fixConfidence',
      ),
      fixRisks: optional(list(oneOf(fixProposalRiskValues)), known.fixRisks)(
        rounds['fixRisks'],
        'policy.rounds.fixRisks',
      ),
    },
    deadlinesMs: Object.fromEntries(
      severities.map((severity) => [
        severity,
        optional(naturalNumber, defaultPolicy.deadlinesMs[severity])(
          deadlines[severity],
          `policy.deadlinesMs.${severity}`,
        ),
      ]),
    ) as Record<Severity, number>,
    defaults: { ...defaultPolicy.defaults, ...readSettings(defaults, 'policy.defaults') },
    routes: optional(
      arrayOf((route, at) => readRoute(route, at, 1, seen)),
      [],
    )(given['routes'], 'policy.routes'),
  };
}

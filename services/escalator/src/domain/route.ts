import type { Facts } from './facts.ts';
import { matchesAll } from './matches.ts';
import type { ChannelName, EscalationPolicy, Route, RouteSettings } from './policy.ts';

/** A route that took a record, with everything inherited filled in. */
export interface RouteMatch {
  /** Ids from the top, joined by `/`; `default` where no route matched. */
  readonly path: string;
  readonly settings: RouteSettings;
}

/** Where a record goes. */
export interface Routing {
  /** Path of the deciding route, and of those that it continued to, separated by commas. */
  readonly route: string;
  /** Settings of the deciding route. */
  readonly settings: RouteSettings;
  /** Channels of all routes that matched, each once. */
  readonly channels: readonly ChannelName[];
}

/** The root of every tree: it matches always. */
const ROOT = 'default';

function inherit(parent: RouteSettings, route: Route): RouteSettings {
  const { id: _id, match: _match, continue: _continue, routes: _routes, ...own } = route;
  return { ...parent, ...own };
}

function walk(routes: readonly Route[], parent: RouteMatch, facts: Facts): readonly RouteMatch[] {
  const found: RouteMatch[] = [];
  for (const route of routes) {
    if (!matchesAll(route.match, facts)) continue;
    const path = parent.path === ROOT ? route.id : `${parent.path}/${route.id}`;
    found.push(...walk(route.routes, { path, settings: inherit(parent.settings, route) }, facts));
    if (!route.continue) break;
  }
  return found.length === 0 ? [parent] : found;
}

/**
 * All routes that take a record, as Alertmanager walks its tree (dispatch/route.go): into the first child that
 * matches, on to its siblings where it says `continue`, and the node itself where no child matches.
 */
export const matchingRoutes = (policy: EscalationPolicy, facts: Facts): readonly RouteMatch[] =>
  walk(policy.routes, { path: ROOT, settings: policy.defaults }, facts);

/** Routes a record. The first match decides level, grouping and timing; later ones add their channels. */
export function routeOf(policy: EscalationPolicy, facts: Facts): Routing {
  const matches = matchingRoutes(policy, facts);
  const settings = matches[0]?.settings ?? policy.defaults;
  return {
    route: matches.map(({ path }) => path).join(','),
    settings,
    channels: [...new Set(matches.flatMap((match) => match.settings.channels))],
  };
}

/** Settings of the deciding route of a routing that was written down, where the policy still has it. */
export function settingsOfRoute(policy: EscalationPolicy, route: string): RouteSettings {
  const [deciding = ROOT] = route.split(',');
  if (deciding === ROOT) return policy.defaults;
  let settings = policy.defaults;
  let routes = policy.routes;
  for (const id of deciding.split('/')) {
    const next = routes.find((candidate) => candidate.id === id);
    if (next === undefined) return policy.defaults;
    settings = inherit(settings, next);
    routes = next.routes;
  }
  return settings;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classified, unresolved } from '../testing/sample-record.ts';
import { defaultPolicy } from './default-policy.ts';
import { factsOf } from './facts.ts';
import { globMatches } from './matches.ts';
import { parsePolicy } from './parse-policy.ts';
import { routeOf, settingsOfRoute } from './route.ts';

const policy = parsePolicy({
  name: 'tree',
  defaults: { channels: ['linear'], groupWaitMs: 1_000 },
  routes: [
    {
      id: 'audit',
      match: [{ field: 'severity', op: 'at-least', values: ['high'] }],
      continue: true,
      channels: ['webhook'],
    },
    {
      id: 'shop',
      match: [{ field: 'repository', op: 'is', values: ['acme/*'] }],
      channels: ['slack'],
      routes: [
        {
          id: 'deploys',
          match: [{ field: 'task', op: 'is', values: ['deploy*'] }],
          groupWaitMs: 0,
          continue: true,
        },
        {
          id: 'nightly',
          match: [{ field: 'label:schedule', op: 'is', values: ['nightly'] }],
          level: 'codegen',
        },
      ],
    },
    { id: 'rest', match: [{ field: 'repository', op: 'is-not', values: ['acme/*', ''] }], level: 'codegen' },
  ],
});

const facts = (event: object, severity: 'low' | 'high' = 'low') =>
  factsOf(unresolved({ classification: classified({ severity }) }, event));

describe('routing tree', () => {
  it.each([
    ['nothing matches: the root', facts({}), 'default', ['linear'], 'human', 1_000],
    [
      'a child that matches wins over its parent, and inherits',
      facts({ repository: 'acme/shop', task: 'deploy-eu' }),
      'shop/deploys',
      ['slack'],
      'human',
      0,
    ],
    [
      'no child matches: the parent itself',
      facts({ repository: 'acme/shop', task: 'test' }),
      'shop',
      ['slack'],
      'human',
      1_000,
    ],
    [
      'continue among children',
      facts({ repository: 'acme/shop', task: 'deploy', labels: { schedule: 'nightly' } }),
      'shop/deploys,shop/nightly',
      ['slack'],
      'human',
      0,
    ],
    [
      'continue at the top adds channels, the first decides',
      facts({ repository: 'acme/shop' }, 'high'),
      'audit,shop',
      ['webhook', 'slack'],
      'human',
      1_000,
    ],
    ['is-not', facts({ repository: 'other/x' }), 'rest', ['linear'], 'codegen', 1_000],
    ['the first of two that match wins', facts({ repository: 'acme/x' }), 'shop', ['slack'], 'human', 1_000],
  ])('%s', (_name, given, route, channels, level, groupWaitMs) => {
    const routing = routeOf(policy, given);
    expect(routing).toMatchObject({ route, channels, settings: { level, groupWaitMs } });
    expect(settingsOfRoute(policy, routing.route)).toEqual(routing.settings);
  });

  it('compares text with stars as a regular expression would', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });
    const arbitrary = fc.tuple(
      fc.array(part, { minLength: 1, maxLength: 4 }),
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 }),
    );
    fc.assert(
      fc.property(arbitrary, ([parts, text]) => {
        expect(globMatches(parts.join('*'), text)).toBe(new RegExp(`^${parts.join('.*')}$`).test(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back the policy that ships with the code', () => {
    expect(parsePolicy(JSON.parse(JSON.stringify(defaultPolicy)))).toEqual(defaultPolicy);
  });

  it.each([
    [{}, 'policy.name'],
    [{ name: 'x', route: [] }, 'policy.route: no such key'],
    [{ name: 'x', rounds: { max: 3 } }, 'policy.rounds.max: at most 2'],
    [{ name: 'x', rounds: { fixConfidence: 2 } }, 'policy.rounds.fixConfidence'],
    [{ name: 'x', routes: [{ id: 'a', level: 'robot' }] }, 'policy.routes[0].level'],
    [{ name: 'x', routes: [{ id: 'a' }, { id: 'a' }] }, 'policy.routes[1].id: a is already a route'],
    [{ name: 'x', routes: [{ id: 'a', channels: ['fax'] }] }, 'policy.routes[0].channels[0]'],
    [
      { name: 'x', routes: [{ id: 'a', match: [{ field: 'colour', op: 'is', values: ['x'] }] }] },
      'policy.routes[0].match[0].field',
    ],
    [
      { name: 'x', routes: [{ id: 'a', match: [{ field: 'task', op: 'at-least', values: ['high'] }] }] },
      'policy.routes[0].match[0].op',
    ],
    [{ name: 'x', defaults: { groupWaitMs: -1 } }, 'policy.defaults.groupWaitMs'],
  ])('refuses %j', (stored, message) => {
    expect(() => parsePolicy(stored)).toThrow(message);
  });
});

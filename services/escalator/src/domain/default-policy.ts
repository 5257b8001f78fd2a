import type { ChannelName, EscalationPolicy } from './policy.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const everyone: readonly ChannelName[] = ['linear', 'slack', 'email', 'webhook', 'pagerduty'];

/** The policy that ships with the code. Timing is Alertmanager's: wait 30 s, interval 5 min, repeat 4 h. */
export const defaultPolicy: EscalationPolicy = {
  name: 'default',
  rounds: {
    max: 2,
    minRemainingMs: 10 * MINUTE_MS,
    retryClasses: ['backoff', 'wait'],
    fixConfidence: 0.9,
    fixRisks: ['low'],
  },
  deadlinesMs: {
    critical: HOUR_MS,
    high: 4 * HOUR_MS,
    medium: 24 * HOUR_MS,
    low: 72 * HOUR_MS,
    UNKNOWN: 24 * HOUR_MS,
  },
  defaults: {
    level: 'human',
    channels: ['linear', 'slack', 'webhook'],
    groupBy: ['group', 'repository'],
    allowRounds: true,
    groupWaitMs: 30 * SECOND_MS,
    groupIntervalMs: 5 * MINUTE_MS,
    repeatIntervalMs: 4 * HOUR_MS,
    reopenWithinMs: 24 * HOUR_MS,
    deadlineMs: null,
  },
  routes: [
    {
      id: 'agent-loop',
      match: [{ field: 'category', op: 'is', values: ['agent.loop'] }],
      continue: false,
      routes: [],
      level: 'shutdown',
      channels: ['linear', 'slack', 'webhook', 'pagerduty'],
      allowRounds: false,
      groupWaitMs: 0,
    },
    {
      id: 'integrity',
      match: [{ field: 'category', op: 'is', values: ['dep.integrity', 'iac.lockfile'] }],
      continue: false,
      routes: [],
      level: 'human', // a checksum that does not match may be an attack: never cleared by a machine
      allowRounds: false,
    },
    {
      id: 'critical',
      match: [{ field: 'severity', op: 'at-least', values: ['critical'] }],
      continue: false,
      routes: [],
      level: 'human',
      channels: everyone,
      groupWaitMs: 0,
    },
    {
      id: 'credentials',
      match: [{ field: 'category', op: 'is', values: ['auth.*', 'tls.trust', 'tls.expired', 'llm.quota'] }],
      continue: false,
      routes: [],
      level: 'human', // an agent can neither rotate a credential nor raise a budget
    },
    {
      id: 'shared',
      match: [
        {
          field: 'category',
          op: 'is',
          values: ['network*', 'remote*', 'infra.*', 'limit.registry', 'limit.api', 'k8s.network', 'llm.*'],
        },
      ],
      continue: false,
      routes: [],
      level: 'human',
      groupBy: ['group'], // one host down is one incident, whichever repositories feel it
    },
    {
      id: 'agent',
      match: [{ field: 'retryClass', op: 'is', values: ['never-fixable'] }],
      continue: false,
      routes: [],
      level: 'codegen',
      channels: ['linear', 'codegen', 'webhook'],
    },
  ],
};

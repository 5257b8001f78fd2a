import type { IncidentState } from './incident.ts';
import { stableUuid } from './stable-uuid.ts';

/** How long an outage of the store may be somebody's task before it counts as expired. */
const DEADLINE_MS = 3_600_000;

/**
 * The incident that tells that the store of incidents itself is away. It stands in no table: its id follows
 * from the outage, so that systems that take our id make one object of what every instance tells.
 */
export function outageIncident(outage: {
  readonly since: number;
  readonly error: string;
  readonly ended: number | null;
}): IncidentState {
  const { since, error, ended } = outage;
  return {
    id: stableUuid('outage', 'postgres'),
    groupKey: 'faultline:postgres',
    episode: 1,
    previous: null,
    status: ended === null ? 'open' : 'resolved',
    level: 'human',
    severity: 'critical',
    priority: 1,
    title: 'Faultline: Postgres is away, incidents and history wait',
    summary: [
      `Postgres has not answered since ${new Date(since).toISOString()}.`,
      '',
      `Last error: ${error}`,
      '',
      'Errors keep coming in and are kept on Kafka; nothing is lost. Incidents, tickets, messages and history wait until it answers, and go on by themselves.',
      '',
      'Remedy: bring Postgres back, or correct DATABASE_URL.',
    ].join('\n'),
    repository: null,
    facts: {},
    firstCoordinate: { topicId: 'none', partition: 0, offset: 0 },
    firstEventId: 'postgres',
    records: 1,
    openedAt: since,
    lastRecordAt: since,
    deadline: since + DEADLINE_MS,
    endedAt: ended,
    policy: 'outage',
    route: 'outage',
    timing: { groupWaitMs: 0, groupIntervalMs: 0, repeatIntervalMs: 0, reopenWithinMs: 0 },
    channels: [],
    told: [],
    flushAt: null,
    notifiedAt: null,
    notifiedRecords: 0,
    notices: 0,
    reopened: false,
    sequence: 0,
    packet: null,
    links: {},
  };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readLedger, readLine } from '../ledger/read-line.ts';
import { readLedgerDetail } from '../queries/ledger-detail.ts';
import { readFlaky } from '../queries/flaky.ts';
import { actOnIncident, markRead, readIncident, readIncidents, readMailbox } from '../queries/incidents.ts';
import { readOverview } from '../queries/overview.ts';
import { readStatistics } from '../queries/statistics.ts';
import { lineOf } from '../domain/line/line-ledger.ts';
import type { ApiDeps } from './api-deps.ts';
import { ApiError } from './api-error.ts';
import { pageQuery, periodFrom, periodQuery } from './inputs.ts';
import { addRoute } from './route.ts';

const DAY_MS = 86_400_000;
const idParams = z.object({ id: z.string().min(1).max(500) });

/** The line, its numbers, incidents, mailbox, configuration and health. */
export function lineRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { pool, now, tokens, rates } = deps;
  const get = (url: string, tag: string, summary: string, answer: () => Promise<unknown>): void => {
    addRoute(app, tokens, { method: 'GET', url, tag, summary, role: 'viewer', input: {}, handle: answer });
  };

  get('/api/v1/line', 'line', 'Where the line stands.', async () => readLine(pool, now()));
  get('/api/v1/dashboard', 'line', 'The line now and the last day in numbers.', async () =>
    readOverview(pool, rates, now()),
  );
  get('/api/v1/ledger', 'line', 'The line ledger with what is proven, gaps and contradictions.', async () => {
    const state = await readLedger(pool, now());
    return {
      v: 1,
      ...lineOf(state),
      duplicates: state.duplicates,
      doubleEnds: state.doubleEnds,
      ...(await readLedgerDetail(pool)),
    };
  });
  get('/health', 'health', 'Health of the system, each component and each dependency.', deps.health);
  get('/api/v1/health', 'health', 'The same as /health.', deps.health);

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/configuration',
    tag: 'configuration',
    summary: 'What is configured, without secrets, and the versions of what is known.',
    role: 'admin',
    input: {},
    handle: async () => {
      const { rows } = await pool.query<{
        kind: string;
        version: string;
        origin: string;
        sha256: string;
        createdAt: Date;
      }>(
        `select distinct on (kind) kind, version, origin, sha256, created_at as "createdAt" from knowledge order by kind, version desc`,
      );
      return { v: 1, configuration: deps.configuration, knowledge: rows };
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/statistics',
    tag: 'numbers',
    summary: 'Rates, resolution, response times, retries and fixes of a period.',
    role: 'viewer',
    input: { query: periodQuery },
    handle: async ({ query }) => {
      const { from, to } = periodFrom(query, now(), DAY_MS);
      return readStatistics(pool, from, to);
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/flaky',
    tag: 'numbers',
    summary: 'Tests and jobs that passed and failed on one commit.',
    role: 'viewer',
    input: { query: periodQuery },
    handle: async ({ query }) => {
      const { from, to } = periodFrom(query, now(), 14 * DAY_MS);
      return readFlaky(pool, from, to);
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/incidents',
    tag: 'incidents',
    summary: 'Incidents, those that wait for somebody first.',
    role: 'viewer',
    input: {
      query: pageQuery.extend({
        status: z.enum(['open', 'acknowledged', 'resolved', 'closed', 'expired']).optional(),
      }),
    },
    handle: async ({ query }) => readIncidents(pool, query),
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/incidents/:id',
    tag: 'incidents',
    summary: 'One incident with its transitions, effects and latest records.',
    role: 'viewer',
    input: { params: idParams },
    handle: async ({ params: { id } }) => (await readIncident(pool, id)) ?? missing('incident', id),
  });

  for (const action of ['acknowledge', 'resolve', 'close'] as const) {
    addRoute(app, tokens, {
      method: 'POST',
      url: `/api/v1/incidents/:id/${action}`,
      tag: 'incidents',
      summary: `Lets somebody ${action} an incident.`,
      role: 'operator',
      input: { params: idParams, body: z.strictObject({ actor: z.string().min(1).max(200).optional() }) },
      handle: async ({ params: { id }, body, access }) => {
        const acted = await actOnIncident(pool, id, action, body.actor ?? access.actor, now());
        if (!acted.found) return missing('incident', id);
        if (!acted.done) {
          throw new ApiError(
            'CONFLICT',
            `the incident is ${acted.from}`,
            `only what is still open can be ${action}d`,
          );
        }
        return { v: 1, id, from: acted.from, to: acted.to };
      },
    });
  }

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/mailbox',
    tag: 'incidents',
    summary: 'Messages for channels that are not configured.',
    role: 'viewer',
    input: { query: pageQuery },
    handle: async ({ query }) => readMailbox(pool, query),
  });

  addRoute(app, tokens, {
    method: 'POST',
    url: '/api/v1/mailbox/:id/read',
    tag: 'incidents',
    summary: 'Marks a message as read.',
    role: 'operator',
    input: { params: idParams },
    handle: async ({ params: { id }, access }) => {
      if (!(await markRead(pool, id, access.actor, now()))) return missing('message', id);
      return { v: 1, id };
    },
  });
}

function missing(what: string, id: string): never {
  throw new ApiError('NOT_FOUND', `there is no ${what} ${id.slice(0, 200)}`, 'check the id');
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { countRejects, redriveDeadLetter } from '../queries/dead-letters.ts';
import { isErrorCursor, readErrors, readPendingRetries, readRetryWorth } from '../queries/errors.ts';
import { changeGroup, groupOrders, readGroups } from '../queries/groups.ts';
import { readTrace } from '../queries/trace.ts';
import { readTimeline, splits } from '../queries/timeline.ts';
import { grainFor, windowOf } from '../queries/window.ts';
import type { ApiDeps } from './api-deps.ts';
import { ApiError } from './api-error.ts';
import { pageQuery, periodFrom, periodQuery, textFilter } from './inputs.ts';
import { addRoute } from './route.ts';

const DAY_MS = 86_400_000;
const idParams = z.object({
  id: z.string().min(1).max(1_000).describe('Event id, or coordinate topicId/partition/offset.'),
});
const fingerprintParams = z.object({ fingerprint: z.string().min(1).max(500) });
const states = [
  'in flight',
  'raw',
  'classified',
  'delayed',
  'fixable',
  'unresolved',
  'escalated',
  'resolved',
  'suppressed',
  'dead-lettered',
] as const;

/** Errors, groups, traces, retries, dead letters. */
export function historyRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { pool, now, tokens, rates, send } = deps;

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/trace/:id',
    tag: 'errors',
    summary: 'The story of one error, decision by decision.',
    role: 'viewer',
    input: { params: idParams },
    handle: async ({ params }) => (await readTrace(pool, params.id)) ?? notFound('event', params.id),
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/errors',
    tag: 'errors',
    summary:
      'Errors, the latest received first. Without a period, filters other than state and fingerprint look at the last week.',
    role: 'viewer',
    input: {
      query: periodQuery.extend({
        state: z.enum(states).optional(),
        category: textFilter,
        severity: textFilter,
        environment: textFilter,
        repository: textFilter,
        fingerprint: textFilter,
        q: textFilter.describe('Text in the title or the id.'),
        cursor: z.string().refine(isErrorCursor, 'is no cursor of this list').optional(),
        limit: pageQuery.shape.limit,
      }),
    },
    handle: async ({ query }) => {
      const { fingerprint, category, severity, environment, repository, q } = query;
      // what no index finds is looked for in the last week, unless a period is given
      const scans =
        fingerprint === undefined &&
        [category, severity, environment, repository, q].some((one) => one !== undefined);
      const given = query.from !== undefined || query.to !== undefined;
      const { from, to } = scans || given ? periodFrom(query, now(), 7 * DAY_MS) : query;
      return readErrors(pool, { ...query, from, to });
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/groups',
    tag: 'groups',
    summary: 'Groups of errors with one cause.',
    role: 'viewer',
    input: {
      query: pageQuery.extend({
        q: textFilter,
        category: textFilter,
        repository: textFilter,
        state: z.enum(['open', 'resolved', 'muted', 'regressed']).optional(),
        order: z.enum(groupOrders).default('last'),
      }),
    },
    handle: async ({ query }) => readGroups(pool, query, rates, now()),
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/groups/:fingerprint',
    tag: 'groups',
    summary: 'One group.',
    role: 'viewer',
    input: { params: fingerprintParams },
    handle: async ({ params: { fingerprint } }) => {
      const { items } = await readGroups(
        pool,
        { fingerprint, order: 'last', limit: 1, offset: 0 },
        rates,
        now(),
      );
      return items[0] === undefined ? notFound('group', fingerprint) : { v: 1, ...items[0] };
    },
  });

  addRoute(app, tokens, {
    method: 'POST',
    url: '/api/v1/groups/:fingerprint',
    tag: 'groups',
    summary: 'Changes the state or the owner of a group.',
    role: 'operator',
    input: {
      params: fingerprintParams,
      body: z.strictObject({
        state: z.enum(['open', 'resolved', 'muted']).optional(),
        owner: z.string().min(1).max(200).nullable().optional(),
      }),
    },
    handle: async ({ params: { fingerprint }, body, access }) => {
      if (!(await changeGroup(pool, fingerprint, body, access.actor, now())))
        return notFound('group', fingerprint);
      return { v: 1, fingerprint, ...body };
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/timeline',
    tag: 'numbers',
    summary: 'Errors over time, by the time at which they happened.',
    role: 'viewer',
    input: {
      query: periodQuery.extend({
        by: z.enum(splits).default('outcome'),
        grain: z.enum(['minute', 'hour', 'day']).optional(),
      }),
    },
    handle: async ({ query }) => {
      const { from, to } = periodFrom(query, now(), DAY_MS);
      const window = windowOf(from, to, query.grain ?? grainFor(from, to));
      if (window.last - window.first > 5_000) {
        throw new ApiError(
          'INPUT_INVALID',
          'the period has more than 5,000 of the grain',
          'ask for a coarser grain',
          'grain',
        );
      }
      return readTimeline(pool, window, query.by);
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/retries',
    tag: 'errors',
    summary: 'Retries that are pending, and what retrying was worth.',
    role: 'viewer',
    input: { query: periodQuery.extend({ limit: pageQuery.shape.limit }) },
    handle: async ({ query }) => {
      const { from, to } = periodFrom(query, now(), DAY_MS);
      const grain = grainFor(from, to) === 'day' ? 'day' : 'hour';
      const [pending, worth] = await Promise.all([
        readPendingRetries(pool, query.limit),
        readRetryWorth(pool, windowOf(from, to, grain)),
      ]);
      return { v: 1, pending, worth };
    },
  });

  addRoute(app, tokens, {
    method: 'GET',
    url: '/api/v1/dead-letters',
    tag: 'errors',
    summary: 'Records that could not be processed.',
    role: 'viewer',
    input: {
      query: z.object({
        cursor: z.string().refine(isErrorCursor, 'is no cursor of this list').optional(),
        limit: pageQuery.shape.limit,
      }),
    },
    handle: async ({ query }) => ({
      ...(await readErrors(pool, { ...query, state: 'dead-lettered' })),
      rejectedByInboxes: await countRejects(pool),
    }),
  });

  addRoute(app, tokens, {
    method: 'POST',
    url: '/api/v1/dead-letters/:id/redrive',
    tag: 'errors',
    summary: 'Sends the event of a dead letter to the line again, once, as a new record.',
    role: 'operator',
    input: { params: idParams },
    handle: async ({ params: { id }, access }) => {
      const result = await redriveDeadLetter(pool, id, access.actor, now(), send);
      switch (result.kind) {
        case 'sent':
          return { v: 1, id: result.id, redriveOf: result.redriveOf };
        case 'not-found':
          return notFound('event', id);
        case 'not-dead':
          throw new ApiError('CONFLICT', 'the record is no dead letter', 'nothing needs to be sent again');
        case 'already':
          throw new ApiError(
            'CONFLICT',
            'the dead letter was sent again before',
            'look for the newer record of the same id',
          );
        case 'no-event':
          throw new ApiError(
            'CONFLICT',
            'nothing of the event could be read from its bytes',
            'mend the producer; the bytes lie on errors.dead-letter, see faultline redrive',
          );
      }
    },
  });
}

function notFound(what: string, id: string): never {
  throw new ApiError(
    'NOT_FOUND',
    `there is no ${what} ${id.slice(0, 200)}`,
    'check the id; what was sent just now may take a second',
  );
}

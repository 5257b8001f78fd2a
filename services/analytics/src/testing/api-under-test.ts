import type { FastifyInstance } from 'fastify';
import { createApi } from '../api/create-api.ts';
import type { ApiDeps } from '../api/api-deps.ts';
import type { TestDatabase } from './test-database.ts';

/** The API over a test database, with a fixed clock and nothing around it. */
export const apiUnderTest = async (
  database: TestDatabase,
  now: () => number,
  more: Partial<ApiDeps> = {},
): Promise<FastifyInstance> =>
  createApi({
    pool: database.pool,
    now,
    tokens: undefined,
    requestsPerMinute: 100_000,
    rates: { machineMinute: 0.01, personMinute: 1, diagnosisMinutes: 20 },
    health: async () => {
      const part = { name: 'x', state: 'up', since: 0, lastError: null, remedy: null } as const;
      return Promise.resolve({
        v: 1,
        state: 'up',
        at: now(),
        components: [part],
        database: part,
        broker: part,
        registry: part,
        integrations: [],
      });
    },
    send: async () => Promise.resolve(),
    configuration: { FAULTLINE_HISTORY_DAYS: 400 },
    pageFolder: undefined,
    onError: (error) => {
      throw error instanceof Error ? error : new Error(String(error));
    },
    ...more,
  });

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Observation } from '@faultline/schemas';
import { inTransaction, testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { writeObservations } from './feedback-inbox.ts';

const serverUrl = process.env['FAULTLINE_TEST_DATABASE_URL'];

const observation = (id: string, at: number): Observation => ({
  id,
  at,
  source: 'github',
  kind: 'run-finished',
  result: 'passed',
  repository: 'acme/shop',
  commit: 'c0ffee',
  ref: null,
  pipeline: null,
  run: '1',
  job: 'test',
  task: null,
  attempt: 2,
  runner: null,
  durationMs: 1_500,
  logSample: 'a\u0000b',
  operation: null,
  incident: null,
  eventId: null,
  actor: null,
  numbers: { cpu: 0.5 },
  labels: {},
});

describe.skipIf(serverUrl === undefined)('observations, over a real Postgres', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase(serverUrl ?? '', 'feedback');
  });
  afterAll(async () => database.drop());

  test('each is kept once, on its own day', async () => {
    const day = 86_400_000;
    const start = Date.UTC(2026, 0, 5);
    const batch = [observation('a', start), observation('b', start + day), observation('a', start)];
    await inTransaction(database.pool, (client) => writeObservations(client, batch));
    await inTransaction(database.pool, (client) => writeObservations(client, batch));
    const { rows } = await database.pool.query(
      'select tableoid::regclass::text as day, id, log_sample, numbers from observations order by id',
    );
    expect(rows).toEqual([
      { day: 'observations_20260105', id: 'a', log_sample: 'a\ufffdb', numbers: '{"cpu":0.5}' },
      { day: 'observations_20260106', id: 'b', log_sample: 'a\ufffdb', numbers: '{"cpu":0.5}' },
    ]);
  });
});

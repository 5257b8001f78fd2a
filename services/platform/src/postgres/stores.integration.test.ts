import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorEvent, openRecord, registeredSchemas, type Coordinate } from '@faultline/schemas';
import { Fault, type AttemptAnswer, type AttemptAsk, type ClaimAsk } from '@faultline/stream';
import { pino } from 'pino';
import { codecsWith } from '../registry/registry-codecs.ts';
import { testDatabase, type TestDatabase } from '../testing/test-database.ts';
import { attemptStore } from './attempts.ts';
import { claimStore } from './claims.ts';
import { knowledgeSource } from './knowledge-source.ts';
import { knowledgeBySha, storeKnowledge } from './knowledge-store.ts';
import { enqueueOutbox } from './outbox.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => database.drop());

const at = (offset: number, partition = 0): Coordinate => ({ topicId: 'topic', partition, offset });
const claim = (id: string, coordinate: Coordinate, payloadHash = 'p'): ClaimAsk => ({
  kind: 'claim',
  key: 'claim',
  claim: 'event',
  id,
  coordinate,
  payloadHash,
});

describe('claims', () => {
  it('belong to whoever asked first, also within one batch, and to nobody else later', async () => {
    const answer = claimStore(database.pool);
    const first = await answer([
      claim('a', at(2)),
      claim('b', at(3)),
      claim('a', at(1)),
      claim('a', at(9), 'other'),
    ]);
    expect(first.map((found) => found.kind === 'claim' && found.holder.offset)).toEqual([1, 3, 1, 1]);
    const later = await answer([claim('a', at(7)), claim('a', at(1))]);
    expect(later.map((found) => found.kind === 'claim' && found.holder.offset)).toEqual([1, 1]);
    expect(later[0]).toMatchObject({ payloadHash: 'p' });
  });

  it('hold under many partitions that ask at once', async () => {
    const answer = claimStore(database.pool);
    const ids = Array.from({ length: 50 }, (_, index) => `race-${index}`);
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, partition) => {
        const asks = ids.map((id, index) => claim(id, at(index, partition)));
        return answer(partition % 2 === 0 ? asks : asks.toReversed()).then((found) => ({
          asks: partition % 2 === 0 ? asks : asks.toReversed(),
          found,
        }));
      }),
    );
    for (const id of ids) {
      const holders = answers.map(({ asks, found }) =>
        JSON.stringify(found[asks.findIndex((ask) => ask.id === id)]),
      );
      expect(new Set(holders).size).toBe(1);
    }
  });

  it('take any id, also one that Postgres cannot hold as text', async () => {
    const [answer] = await claimStore(database.pool)([claim('nul\u0000\ud800', at(4))]);
    expect(answer).toMatchObject({ holder: at(4) });
  });
});

const ask = (key: string, more: Partial<AttemptAsk> = {}): AttemptAsk => ({
  kind: 'attempt',
  key,
  idempotent: true,
  deadlineMs: 200,
  rerun: {
    kind: 'http',
    target: 'http://target',
    method: null,
    headers: {},
    body: null,
    key: null,
    idempotent: true,
    sideEffects: [],
    credentials: null,
    timeoutMs: 300,
  },
  ...more,
});
const succeeded: AttemptAnswer = {
  kind: 'attempt',
  state: 'succeeded',
  detail: 'HTTP 200',
  status: 200,
  startedAt: 1,
  durationMs: 1,
  retryAfterMs: null,
};

describe('attempts', () => {
  it('run once for a key, whoever asks and however often', async () => {
    let runs = 0;
    const executors = {
      http: async () => {
        runs += 1;
        return succeeded;
      },
    };
    const one = attemptStore(database.pool, executors, Date.now);
    const other = attemptStore(database.pool, executors, Date.now);
    await Promise.all([one.answer(ask('once')), one.answer(ask('once')), other.answer(ask('once'))]);
    expect(await other.answer(ask('once'))).toEqual(succeeded);
    expect(await one.answer(ask('once'))).toEqual(succeeded);
    expect(runs).toBe(1);
  });

  it('answer pending while a run takes long, and its end later under the same key', async () => {
    let release = (): void => undefined;
    const store = attemptStore(
      database.pool,
      { http: async () => new Promise<AttemptAnswer>((resolve) => (release = () => resolve(succeeded))) },
      Date.now,
    );
    expect((await store.answer(ask('long', { deadlineMs: 50 }))).state).toBe('pending');
    release();
    await store.stop(1_000);
    expect(await store.answer(ask('long'))).toEqual(succeeded);
  });

  it('after a crash between call and answer: again where twice is once, else unknown', async () => {
    const started = `INSERT INTO attempts (key, state, owner, started_at) VALUES ($1, 'started', 'dead', now() - interval '1 hour')`;
    await database.pool.query(started, ['crash-idempotent']);
    await database.pool.query(started, ['crash-not']);
    let runs = 0;
    const store = attemptStore(
      database.pool,
      {
        http: async () => {
          runs += 1;
          return succeeded;
        },
      },
      Date.now,
    );
    expect(await store.answer(ask('crash-idempotent'))).toEqual(succeeded);
    expect(runs).toBe(1);
    expect((await store.answer(ask('crash-not', { idempotent: false }))).state).toBe('unknown');
    expect(runs).toBe(1);
  });

  it('begin again under the same key where an executor says that it has not ended', async () => {
    const answers: AttemptAnswer[] = [{ ...succeeded, state: 'pending' }, succeeded];
    const keys: string[] = [];
    const store = attemptStore(
      database.pool,
      {
        http: async ({ key }) => {
          keys.push(key);
          return answers.shift() ?? succeeded;
        },
      },
      Date.now,
    );
    expect((await store.answer(ask('accepted'))).state).toBe('pending');
    expect(await store.answer(ask('accepted'))).toEqual(succeeded);
    expect(await store.answer(ask('accepted'))).toEqual(succeeded);
    expect(keys).toEqual(['accepted', 'accepted']);
  });

  it('are refused where no executor is configured, and failed where it throws', async () => {
    const none = attemptStore(database.pool, {}, Date.now);
    expect((await none.answer(ask('refused'))).state).toBe('refused');
    const broken = attemptStore(
      database.pool,
      {
        http: async () => {
          throw new Error('connection refused');
        },
      },
      Date.now,
    );
    expect(await broken.answer(ask('throws'))).toMatchObject({
      state: 'failed',
      detail: 'connection refused',
    });
  });
});

describe('knowledge', () => {
  const specs = {
    'test-kind': {
      baseline: { limit: 1 },
      parse: (stored: unknown): { limit: number } => {
        const { limit } = stored as { limit?: unknown };
        if (typeof limit !== 'number') throw new Error('limit must be a number');
        return { limit };
      },
    },
  };
  const log = pino({ level: 'silent' });
  const until = async (found: () => boolean): Promise<void> => {
    const end = Date.now() + 5_000;
    while (!found()) {
      if (Date.now() > end) throw new Error('waited 5 s');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('starts at the baseline, follows what is published, and keeps the last good version', async () => {
    const source = await knowledgeSource(database.pool, specs, log);
    try {
      expect(source.current()['test-kind']).toMatchObject({ version: 'baseline', body: { limit: 1 } });
      await storeKnowledge(database.pool, 'test-kind', { limit: 2 }, 'published');
      await until(() => source.current()['test-kind'].body.limit === 2);
      await storeKnowledge(database.pool, 'test-kind', { limit: 'many' }, 'published');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(source.current()['test-kind'].body.limit).toBe(2);
      await storeKnowledge(database.pool, 'test-kind', { limit: 3 }, 'published');
      await until(() => source.current()['test-kind'].body.limit === 3);
    } finally {
      await source.stop();
    }
    const later = await knowledgeSource(database.pool, specs, log);
    expect(later.current()['test-kind'].body.limit).toBe(3);
    await later.stop();
  });

  it('keeps every version that was ever in force, the baseline too', async () => {
    const { rows } = await database.pool.query<{ sha256: string; origin: string }>(
      `SELECT sha256, origin FROM knowledge WHERE kind = 'test-kind' ORDER BY version`,
    );
    expect(rows.map(({ origin }) => origin)).toEqual(['baseline', 'published', 'published', 'published']);
    const kept = await knowledgeBySha(database.pool, 'test-kind', rows[0]?.sha256.slice(0, 12) ?? '');
    expect(kept).toMatchObject({ version: 'baseline', body: { limit: 1 } });
  });
});

describe('the outbox', () => {
  const codecs = codecsWith(new Map([['errors.classified', 1]]), async () => registeredSchemas.ErrorRecord);
  const record = openRecord(errorEvent({ id: 'e', time: 1, source: 's', message: 'm' }), at(1), 1, 2);

  it('has no gap and no double, whatever is rolled back and however many write', async () => {
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const client = await database.pool.connect();
        try {
          await client.query('BEGIN');
          await enqueueOutbox(
            client,
            { codecs },
            { shard: 's', topic: 'errors.classified', key: `${index}`, record },
          );
          await client.query(index % 3 === 0 ? 'ROLLBACK' : 'COMMIT');
        } finally {
          client.release();
        }
      }),
    );
    const { rows } = await database.pool.query<{ seq: string }>(
      `SELECT seq FROM outbox WHERE shard = 's' ORDER BY seq`,
    );
    const committed = Array.from({ length: 40 }, (_, index) => index).filter(
      (index) => index % 3 !== 0,
    ).length;
    expect(rows.map(({ seq }) => Number(seq))).toEqual(
      Array.from({ length: committed }, (_, index) => index + 1),
    );
  });
});

describe('a database that is away', () => {
  it('is a reason to wait, and says what to do', async () => {
    const { Pool } = await import('pg');
    const away = new Pool({
      connectionString: 'postgresql://u:p@127.0.0.1:1/test',
      connectionTimeoutMillis: 500,
    });
    const answer = claimStore(away)([claim('x', at(1))]);
    await expect(answer).rejects.toSatisfy(
      (error) =>
        error instanceof Fault && error.code === 'DEPENDENCY_DOWN' && error.retryable && error.remedy !== '',
    );
    await away.end();
  });
});

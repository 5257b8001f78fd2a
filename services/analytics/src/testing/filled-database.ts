import type { Observation, Outcome } from '@faultline/schemas';
import { settleRanges } from '../ledger/settle.ts';
import { writeObservations } from '../sink/feedback-inbox.ts';
import { SinkState, writeBatch } from '../sink/write-batch.ts';
import { generatedLine, rangeOutcome, type RecordHistory } from './generated-line.ts';
import { inTransaction, testDatabase, type TestDatabase } from './test-database.ts';

const HOUR_MS = 3_600_000;
const topicId = 'aaaaaaaaaaaaaaaaaaaaaA';
const deadReasons = ['unexpected-exception', 'too-large', 'schema-mismatch'] as const;

/** A database that holds a day of a line: ends of all kinds, records on their way, incidents, mail, dead letters. */
export async function filledDatabase(serverUrl: string, name: string, now: number): Promise<TestDatabase> {
  const database = await testDatabase(serverUrl, name);
  const day = [
    ...generatedLine({
      seed: name,
      records: 900,
      from: now - 24 * HOUR_MS,
      to: now - HOUR_MS,
      groups: 40,
      partitions: 1,
      logLines: 30,
    }),
    ...generatedLine({
      seed: `${name} now`,
      records: 260,
      from: now - HOUR_MS,
      to: now - 2_000,
      groups: 30,
      open: 0.12,
      partitions: 1,
      firstOffset: 900,
      logLines: 30,
    }),
  ];
  const histories = day.map((history, index) =>
    index % 190 === 7 ? dead(history, index) : past(history, now),
  );
  await inTransaction(database.pool, async (client) => {
    const state = new SinkState();
    const outcomes = histories.flat();
    for (let at = 0; at < outcomes.length; at += 2_000) {
      await writeBatch(
        client,
        { shard: 0, outcomes: outcomes.slice(at, at + 2_000), consumedAt: now },
        state,
      );
    }
    await writeBatch(client, { shard: 1, outcomes: rangesOf(histories, now), consumedAt: now }, state);
    await settleRanges(client, now);
    await writeObservations(client, runs(now));
  });
  await addIncidents(database, now);
  return database;
}

/** What would lie in the future of the page's clock has not happened yet. */
const past = (history: RecordHistory, now: number): RecordHistory => history.filter(({ at }) => at <= now);

function dead(history: RecordHistory, index: number): RecordHistory {
  const [first] = history;
  if (first === undefined) return history;
  const end: Outcome = {
    ...first,
    id: `dead ${index}`,
    stage: 'fixer',
    at: first.at + 400,
    from: 'fixable',
    to: 'dead-lettered',
    reason: deadReasons[index % deadReasons.length] ?? 'too-large',
    why: 'the record could not be processed',
    hops: 90,
    event: null,
    classification: null,
  };
  return [{ ...first, to: 'classified', reason: 'classified' }, end];
}

const rangesOf = (histories: readonly RecordHistory[], now: number): readonly Outcome[] => [
  rangeOutcome(now, topicId, 0, 0, histories.length),
];

function runs(now: number): readonly Observation[] {
  return Array.from({ length: 24 }, (_, index): Observation => ({
    id: `run-${index}`,
    at: now - index * HOUR_MS,
    source: 'generated',
    kind: 'run-finished',
    result: index % 6 === 0 ? 'failed' : 'passed',
    repository: 'acme/service-1',
    commit: `commit-${index >> 1}`,
    ref: null,
    pipeline: 'build',
    run: String(index),
    job: 'test',
    task: 'checkout.spec.ts',
    attempt: 1,
    runner: null,
    durationMs: 60_000,
    logSample: null,
    operation: null,
    incident: null,
    eventId: null,
    actor: null,
    numbers: {},
    labels: {},
  }));
}

/** An incident for each of the groups that escalate most, one of them acknowledged, and mail about them. */
async function addIncidents({ pool }: TestDatabase, now: number): Promise<void> {
  await pool.query(
    `insert into incidents (id, group_key, episode, status, level, severity, priority, title, repository, records,
       opened_at, last_record_at, deadline, ended_at, sequence, detail)
     select 'inc-' || left(r.fingerprint, 8), r.fingerprint, 0,
       case row_number() over (order by count(*) desc) when 2 then 'acknowledged' when 5 then 'resolved' else 'open' end,
       'human', g.severity, 2, g.title, g.repository, count(*), min(r.ended_at), max(r.ended_at),
       min(r.ended_at) + 172800000,
       case row_number() over (order by count(*) desc) when 5 then max(r.ended_at) end, 2, '{}'
     from records r join groups g using (fingerprint) where r.state = 'escalated'
     group by r.fingerprint, g.severity, g.title, g.repository order by count(*) desc limit 8`,
  );
  await pool.query(
    `insert into incident_records (topic_id, part, off, incident_id, event_id, at)
     select s.topic_id, r.raw_partition, r.raw_offset, r.incident_id, r.event_id, r.ended_at
     from records r join sources s using (source) join incidents i on i.id = r.incident_id`,
  );
  await pool.query(
    `insert into incident_transitions (incident_id, sequence, transition_id, at, from_status, to_status, reason, actor, body)
     select id, 0, id || '/0', opened_at, null, 'open', 'first-record', null, '{}'::jsonb from incidents
     union all
     select id, 1, id || '/1', opened_at + 240000, 'open', status, status, 'ann', '{}' from incidents where status <> 'open'`,
  );
  await pool.query(
    `insert into effects (id, incident_id, channel, kind, class, sequence, state, not_before, attempts, created_at, updated_at)
     select 'effect-' || id, id, 'mailbox', 'opened', 'A', 0, 'done', opened_at, 1, opened_at, opened_at from incidents`,
  );
  await pool.query(
    `insert into mailbox (id, incident_id, channel, kind, at, subject, body, why)
     select 'mail-' || id, id, 'slack', 'opened', opened_at, severity || ': ' || title,
       title || E'\\n\\n' || records || ' errors so far. No machine could end them.', 'SLACK_WEBHOOK_URL is not set'
     from incidents where $1::bigint > opened_at`,
    [now],
  );
}

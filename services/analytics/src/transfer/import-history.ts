import type { Observation, Outcome } from '@faultline/schemas';
import { Fault } from '@faultline/stream';
import type { Pool, PoolClient } from 'pg';
import { writeObservations } from '../sink/feedback-inbox.ts';
import { SinkState, writeBatch } from '../sink/write-batch.ts';
import { parseTransferLine, type GroupState } from './transfer-line.ts';

/** Shard of what is imported: no partition of errors.outcomes has this number. */
const IMPORT_SHARD = 32_767;
const BATCH = 2_000;

/** What an import brought. */
export interface Imported {
  readonly v: 1;
  readonly lines: number;
  readonly outcomes: number;
  /** Outcomes that were in already. */
  readonly duplicates: number;
  readonly observations: number;
  readonly groups: number;
}

/**
 * Brings an export into the history by the way that outcomes come in: sums and states are made again, and what is in
 * already stays as it is. One transaction: a cut or wrong import rejects with INPUT_INVALID and leaves nothing behind.
 */
export async function importHistory(
  pool: Pool,
  lines: AsyncIterable<unknown>,
  now: number,
): Promise<Imported> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const imported = await take(client, lines, now);
    await client.query('commit');
    return imported;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function take(client: PoolClient, lines: AsyncIterable<unknown>, now: number): Promise<Imported> {
  const state = new SinkState();
  const counts = { lines: 0, outcomes: 0, duplicates: 0, observations: 0, groups: 0 };
  let outcomes: Outcome[] = [];
  let observations: Observation[] = [];
  const groups: GroupState[] = [];
  const flush = async (): Promise<void> => {
    if (outcomes.length > 0) {
      const plan = await writeBatch(client, { shard: IMPORT_SHARD, outcomes, consumedAt: now }, state);
      counts.duplicates += plan.duplicates;
    }
    if (observations.length > 0) await writeObservations(client, observations);
    outcomes = [];
    observations = [];
  };
  let ended = false;
  let number = 0;
  for await (const value of lines) {
    number += 1;
    const parsed = parseTransferLine(value, number);
    if ((number === 1) !== (parsed.line === 'begin') || ended) throw cut('its lines are not in order');
    if (parsed.line === 'end') {
      if (parsed.lines !== counts.lines) throw cut(`it has ${counts.lines} lines of ${parsed.lines}`);
      ended = true;
      continue;
    }
    if (parsed.line === 'begin') continue;
    counts.lines += 1;
    if (parsed.line === 'outcome') {
      counts.outcomes += 1;
      outcomes.push(parsed.outcome as Outcome);
    } else if (parsed.line === 'observation') {
      counts.observations += 1;
      observations.push(parsed.observation);
    } else {
      counts.groups += 1;
      groups.push(parsed.group);
    }
    if (outcomes.length + observations.length >= BATCH) await flush();
  }
  if (!ended) throw cut('it has no end');
  await flush();
  for (const { fingerprint, state, stateAt, owner } of groups) {
    await client.query(
      `update groups set state = $2, state_at = $3, owner = $4 where fingerprint = $1 and coalesce(state_at, 0) <= coalesce($3, 0)`,
      [fingerprint, state, stateAt, owner],
    );
  }
  return { v: 1, ...counts };
}

const cut = (what: string): Fault =>
  new Fault('INPUT_INVALID', `the import is not whole: ${what}; nothing was imported`, {
    remedy: 'import a whole export of the same version',
  });

import type { Admin } from 'kafkajs';
import { Client } from 'pg';
import { readerOf } from '@faultline/stream';

const POLL_MS = 1_000;
/** So many looks in a row must find nothing left. */
const CALM_LOOKS = 3;
const LOOKS_A_LINE = 15;

/**
 * Waits until nothing is in flight: every group at its end, no record, effect or outbox row left. Gives what is
 * still to be done where the time is over, in words.
 */
export async function untilSettled(
  admin: Admin,
  databaseUrl: string,
  timeoutMs: number,
  log: (line: string) => void,
): Promise<readonly string[]> {
  const end = performance.now() + timeoutMs;
  let calm = 0;
  let looks = 0;
  let why: readonly string[] = [];
  while (performance.now() < end) {
    try {
      why = [...(await unreadInputs(admin)), ...(await openRows(databaseUrl))];
    } catch (error) {
      why = [error instanceof Error ? error.message : String(error)];
    }
    calm = why.length === 0 ? calm + 1 : 0;
    looks += 1;
    if (looks % LOOKS_A_LINE === 0 && why.length > 0) log(`waiting: ${why.join('; ')}`);
    if (calm >= CALM_LOOKS) return [];
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return why.length === 0 ? ['it went on being busy'] : why;
}

async function unreadInputs(admin: Admin): Promise<readonly string[]> {
  const unread: string[] = [];
  for (const [topic, stage] of Object.entries(readerOf)) {
    const [offsets] = await admin.fetchOffsets({ groupId: `faultline.${stage}`, topics: [topic] });
    const committed = new Map(
      offsets?.partitions.map(({ partition, offset }) => [partition, Number(offset)]),
    );
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      const left = Number(high) - Math.max(0, committed.get(partition) ?? 0);
      if (left > 0) unread.push(`${topic}/${partition}: ${left}`);
    }
  }
  return unread;
}

/** Rows that say that something is under way; a table that is not there says nothing. */
const questions: Readonly<Record<string, string>> = {
  records: 'SELECT count(*) AS n FROM records WHERE ended_at IS NULL',
  ranges: 'SELECT count(*) AS n FROM ranges',
  transitions: 'SELECT count(*) AS n FROM incident_transitions WHERE NOT published',
  effects: `SELECT count(*) AS n FROM effects WHERE state = 'sending'
            OR (state = 'planned' AND not_before < (extract(epoch FROM now()) * 1000)::bigint + 20000)`,
  flushes: `SELECT count(*) AS n FROM incidents WHERE status = 'open'
            AND flush_at < (extract(epoch FROM now()) * 1000)::bigint + 5000`,
};

async function openRows(databaseUrl: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const open: string[] = [];
    for (const [name, question] of Object.entries(questions)) {
      const { rows } = await client.query<{ n: string }>(question);
      const n = Number(rows[0]?.n ?? 0);
      if (n > 0) open.push(`${name}: ${n}`);
    }
    return open;
  } finally {
    await client.end();
  }
}

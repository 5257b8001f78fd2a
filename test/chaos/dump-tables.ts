import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

/** What of each table is kept. */
const queries: Readonly<Record<string, string>> = {
  outcomes: `SELECT s.topic_id, o.* FROM outcomes o JOIN sources s USING (source) ORDER BY raw_partition, raw_offset, hops`,
  outcome_schemas: 'SELECT * FROM outcome_schemas ORDER BY 1',
  records: `SELECT s.topic_id, r.* FROM records r JOIN sources s USING (source) ORDER BY raw_partition, raw_offset`,
  inbox_offsets: 'SELECT * FROM inbox_offsets ORDER BY 1, 2, 3',
  inbox_rejects: 'SELECT * FROM inbox_rejects ORDER BY 1, 2, 3, 4',
  claims: 'SELECT * FROM claims ORDER BY 1, 2',
  attempts: 'SELECT * FROM attempts ORDER BY 1',
  outbox: 'SELECT * FROM outbox ORDER BY 1, 2',
  outbox_shards: 'SELECT * FROM outbox_shards ORDER BY 1',
  line_counters: 'SELECT * FROM line_counters ORDER BY 1',
  ranges: 'SELECT * FROM ranges ORDER BY 1, 2, 3',
  proven: 'SELECT s.topic_id, p.* FROM proven p JOIN sources s USING (source) ORDER BY 1, 3, 4',
  ledger_violations: 'SELECT * FROM ledger_violations ORDER BY 1',
  topology: 'SELECT * FROM topology ORDER BY 1',
  incidents: 'SELECT * FROM incidents ORDER BY 1',
  incident_records: 'SELECT * FROM incident_records ORDER BY 1, 2, 3',
  incident_transitions: 'SELECT * FROM incident_transitions ORDER BY 1, 2',
  effects: 'SELECT * FROM effects ORDER BY 1',
  mailbox: 'SELECT * FROM mailbox ORDER BY 1',
};

/** Writes each table as NDJSON, table-NAME.ndjson, all of one snapshot; bytes in base64. */
export async function dumpTables(databaseUrl: string, dir: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const [table, query] of Object.entries(queries)) {
      const { rows } = await client.query<Record<string, unknown>>(query);
      const out = createWriteStream(path.join(dir, `table-${table}.ndjson`));
      for (const row of rows) out.write(`${JSON.stringify(row, base64Bytes)}\n`);
      await new Promise<void>((resolve) => out.end(resolve));
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** JSON.stringify calls Buffer's toJSON before its replacer, so bytes come as {type, data}. */
function base64Bytes(_key: string, value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'type' in value && 'data' in value) {
    const { type, data } = value;
    if (type === 'Buffer' && Array.isArray(data)) return Buffer.from(data as number[]).toString('base64');
  }
  return value;
}

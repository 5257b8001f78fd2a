import type { Pool } from 'pg';
import { lockIncident } from '../notifier/incident-store.postgres.ts';
import { settle, type Settling } from '../notifier/settle.ts';
import { inTransaction } from './in-transaction.ts';

/** Brings one incident up to now: its notice, its deadline, and what people did to it. */
export async function tickIncident(pool: Pool, settling: Settling, id: string, now: number): Promise<void> {
  await inTransaction(pool, async (client) => {
    const incident = await lockIncident(client, id);
    if (incident !== undefined) await settle(client, settling, [incident], [], now);
  });
}

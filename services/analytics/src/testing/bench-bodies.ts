import type { Outcome } from '@faultline/schemas';
import type { Pool } from 'pg';
import { encodeBodies } from '../domain/outcome-body.ts';
import { BodySchema } from '../sink/body-schemas.ts';
import { inTransaction } from './test-database.ts';

/** The first outcome as a stored body, with the number of its schema. */
export async function encodeBodiesForBench(
  pool: Pool,
  outcomes: readonly Outcome[],
): Promise<{ readonly schema: number; readonly body: Buffer }> {
  const schema = await inTransaction(pool, async (client) => new BodySchema().number(client));
  return { schema, body: encodeBodies(outcomes.slice(0, 1)).bytes };
}

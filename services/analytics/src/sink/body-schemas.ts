import type { Outcome } from '@faultline/schemas';
import type { Pool, PoolClient } from 'pg';
import { bodyReader, bodySchema } from '../domain/outcome-body.ts';

/** Number of the schema that bodies are written with; kept only once it is found committed. */
export class BodySchema {
  #number: number | undefined;

  async number(client: PoolClient): Promise<number> {
    if (this.#number !== undefined) return this.#number;
    const find = async (): Promise<number | undefined> => {
      const { rows } = await client.query<{ schema: number }>(
        'select schema from outcome_schemas where sha256 = $1',
        [bodySchema.sha256],
      );
      return rows[0]?.schema;
    };
    this.#number = await find();
    if (this.#number !== undefined) return this.#number;
    await client.query('insert into outcome_schemas (sha256, body) values ($1, $2) on conflict do nothing', [
      bodySchema.sha256,
      bodySchema.text,
    ]);
    const made = await find();
    if (made === undefined) throw new Error('the schema of bodies could not be written');
    return made;
  }
}

/** A body as it is stored. */
export interface StoredBody {
  readonly schema: number;
  readonly body: Buffer;
}

const readers = new Map<string, (body: Buffer) => Outcome>();

/** A function that reads stored bodies, whatever schema they were written with. */
export async function storedBodies(client: Pool | PoolClient): Promise<(stored: StoredBody) => Outcome> {
  const { rows } = await client.query<{ schema: number; body: string }>(
    'select schema, body from outcome_schemas',
  );
  const bySchema = new Map(
    rows.map(({ schema, body }) => {
      const reader = readers.get(body) ?? bodyReader(body);
      readers.set(body, reader);
      return [schema, reader];
    }),
  );
  return ({ schema, body }) => {
    const reader = bySchema.get(schema);
    if (reader === undefined) throw new Error(`no schema ${schema} of bodies`);
    return reader(body);
  };
}

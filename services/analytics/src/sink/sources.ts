import type { PoolClient } from 'pg';

/** Numbers of topic ids, from the table `sources`. */
export class Sources {
  /** Only what was found committed: a number that this transaction made may be rolled back. */
  readonly #known = new Map<string, number>();

  /** Numbers of all given topic ids; those that are new get one. */
  async numbers(client: PoolClient, topicIds: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
    const missing = [...topicIds].filter((id) => !this.#known.has(id));
    if (missing.length === 0) return this.#known;
    for (const { topic_id, source } of await find(client, missing)) this.#known.set(topic_id, source);
    const fresh = missing.filter((id) => !this.#known.has(id));
    if (fresh.length === 0) return this.#known;
    await client.query('insert into sources (topic_id) select unnest($1::text[]) on conflict do nothing', [
      fresh,
    ]);
    const all = new Map(this.#known);
    for (const { topic_id, source } of await find(client, fresh)) all.set(topic_id, source);
    return all;
  }
}

async function find(
  client: PoolClient,
  ids: readonly string[],
): Promise<readonly { topic_id: string; source: number }[]> {
  const { rows } = await client.query<{ topic_id: string; source: number }>(
    'select topic_id, source from sources where topic_id = any($1)',
    [ids],
  );
  return rows;
}
